import type { Detector } from './detector.ts';

const CARD =
  /(?<![\w.-])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{5}|\d{13,19})(?![\w-]|\.\d)/g;
const MAY_BE_CARD = /\d{4}[ -]?\d{4}[ -]?\d{2}/;
/** Who issues cards: Visa, Mastercard, American Express, Discover, JCB, Diners, UnionPay, Maestro. */
const ISSUER = /^(?:4|5[0-8]|2[2-7]|3[47]|6(?:011|2|4[4-9]|5|[379])|35|3[068])/;

/** Payment cards by their issuer and their check digit. */
export const hideCardNumbers: Detector = (text, hide) =>
  MAY_BE_CARD.test(text)
    ? text.replace(CARD, (number) => {
        const digits = number.replace(/\D/g, '');
        return ISSUER.test(digits) && passesLuhn(digits) ? hide('card', number) : number;
      })
    : text;

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
