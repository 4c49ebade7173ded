/** What a byte of UTF-8 text can be part of. Ordered, so that one comparison tells several apart. */
export const LINE_END = 0;
export const SPACE = 1;
/** A symbol that ends a run, whatever follows. */
export const PLAIN = 2;
/** A symbol that can show the run before it to be the start of an address or a path: `:`, `/` and `\`. */
export const TELLING = 3;
/** Part of a run only between two of its characters: `node-7.example.org`. */
export const JOINER = 4;
/** From here on a byte belongs to a run. */
export const LETTER = 5;
export const DIGIT = 6;

export const BYTE_CLASS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (character === '\n') return LINE_END;
  if (' \t\r\v\f'.includes(character)) return SPACE;
  if (byte >= 48 && byte <= 57) return DIGIT;
  if (byte >= 128 || /[A-Za-z_$~]/.test(character)) return LETTER;
  if ('.-'.includes(character)) return JOINER;
  return ':/\\'.includes(character) ? TELLING : PLAIN;
});

/** Bytes that end an address with a scheme (2), and those that end any path (1). */
export const PATH_END = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (BYTE_CLASS[byte]! <= SPACE || `"'<>()[]{},;|`.includes(character)) return 2;
  return ':=!'.includes(character) ? 1 : 0;
});

/** Symbols that bind two numbers into one value: `18:06:18,045`, `10.0.0.1/8:80`. */
export const BINDS_DIGITS = Uint8Array.from({ length: 256 }, (_, byte) =>
  ':,/+.-'.includes(String.fromCharCode(byte)) ? 1 : 0,
);
