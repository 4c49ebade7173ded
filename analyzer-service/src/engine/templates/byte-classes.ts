/** What a byte of UTF-8 text can be part of. Ordered: from LETTER on a byte belongs to a run. */
export const SPACE = 0;
export const DELIMITER = 1;
/** Part of a run only between two of its characters: `node-7.example.org`. */
export const JOINER = 2;
export const LETTER = 3;
export const DIGIT = 4;

export const BYTE_CLASS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 32 || (byte >= 9 && byte <= 13)) return SPACE;
  if (byte >= 48 && byte <= 57) return DIGIT;
  if (byte >= 128 || /[A-Za-z_$~]/.test(String.fromCharCode(byte))) return LETTER;
  return byte === 45 || byte === 46 ? JOINER : DELIMITER;
});

/** Bytes that end a path (1) or a path and an address with a scheme (2). */
export const PATH_END = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (BYTE_CLASS[byte] === SPACE || `"'<>()[]{},;|`.includes(character)) return 2;
  return ':=!'.includes(character) ? 1 : 0;
});
