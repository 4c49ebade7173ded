/** Classes of characters, as bits. */
export const LOWER = 1;
const UPPER = 2;
const DIGIT = 4;
/** `.` `_` `$` `@` `/`, which join the parts of a name. */
export const DOTTED = 8;
const HYPHEN = 16;
export const LETTER = LOWER | UPPER;
const NAME = LETTER | DIGIT | DOTTED | HYPHEN;

/** The characters up to the next blank, looked at once. */
export interface Token {
  readonly end: number;
  /** Where its leading letters end, and where its leading name (letters, digits, dots ...) ends. */
  readonly lettersEnd: number;
  readonly nameEnd: number;
  /** Classes of letters, digits and joints that occur in all of it, and in its leading name. */
  readonly classes: number;
  readonly nameClasses: number;
  /** The name has a capital after a small letter. */
  readonly isCamelCase: boolean;
}

const TOKEN_CHARS_MAX = 160;

export function readToken(text: string, start: number): Token {
  const limit = Math.min(text.length, start + TOKEN_CHARS_MAX);
  let lettersEnd = -1;
  let nameEnd = -1;
  let nameClasses = 0;
  let classes = 0;
  let before = 0;
  let isCamelCase = false;
  let at = start;
  for (; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 9) break;
    const kind = code < 128 ? (CLASSES[code] ?? 0) : 0;
    if (lettersEnd === -1 && (kind & LETTER) === 0) lettersEnd = at;
    if (nameEnd === -1) {
      if ((kind & NAME) === 0) {
        nameEnd = at;
        nameClasses = classes;
      } else if (before === LOWER && kind === UPPER) isCamelCase = true;
    }
    classes |= kind & (LETTER | DIGIT | DOTTED);
    before = kind;
  }
  return {
    end: at,
    lettersEnd: lettersEnd === -1 ? at : lettersEnd,
    nameEnd: nameEnd === -1 ? at : nameEnd,
    nameClasses: nameEnd === -1 ? classes : nameClasses,
    classes,
    isCamelCase,
  };
}

const CLASSES: Uint8Array = (() => {
  const classes = new Uint8Array(128);
  for (let code = 97; code <= 122; code++) classes[code] = LOWER;
  for (let code = 65; code <= 90; code++) classes[code] = UPPER;
  for (let code = 48; code <= 57; code++) classes[code] = DIGIT;
  for (const character of '._$@/') classes[character.charCodeAt(0)] = DOTTED;
  classes[45] = HYPHEN;
  return classes;
})();
