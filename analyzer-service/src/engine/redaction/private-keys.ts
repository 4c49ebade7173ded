import type { Detector } from './detector.ts';

const BEGIN = '-----BEGIN ';
const HEADER = /^-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
const HEADER_CHARACTERS_MAX = 120;
const END = /-----END [A-Z0-9 ]{1,80}-----/g;
/** A line of such a key by itself, where a log has torn it into lines. */
const BODY = /^[A-Za-z0-9+/]{60,76}={0,2}$/;

/** PEM private keys, also with their line ends escaped, and what is left of them when the end is missing. */
export const hidePrivateKeys: Detector = (text, hide) => {
  if (isBody(text)) return hide('private_key', text);
  let start = text.indexOf(BEGIN);
  if (start === -1) return text;
  let written = '';
  let from = 0;
  while (start !== -1) {
    const isKey = HEADER.test(text.slice(start, start + HEADER_CHARACTERS_MAX));
    if (isKey) {
      END.lastIndex = start;
      const end = END.exec(text) ? END.lastIndex : text.length;
      written += text.slice(from, start) + hide('private_key', text.slice(start, end));
      from = end;
    }
    start = text.indexOf(BEGIN, isKey ? from : start + BEGIN.length);
  }
  return written + text.slice(from);
};

function isBody(text: string): boolean {
  return (
    text.length >= 60 &&
    text.length <= 78 &&
    BODY.test(text) &&
    /[a-z]/.test(text) &&
    /[A-Z]/.test(text) &&
    /\d/.test(text)
  );
}
