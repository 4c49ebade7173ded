const PIECES = /\p{ASCII_Hex_Digit}{8,}|[A-Za-z]+|\d+|\n|[^\sA-Za-z\d]/gu;

/**
 * About how many tokens a text costs a model, rather too many than too few: no tokenizer is asked, because each model
 * has its own. A word is a token for each five letters, a number for each two digits, a hexadecimal id for each two
 * characters, any other character one; blanks are free.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(PIECES)) tokens += costOf(piece);
  return tokens;
}

function costOf(piece: string): number {
  if (/^\d/.test(piece) || (piece.length >= 8 && /\d/.test(piece))) return Math.ceil(piece.length / 2);
  return Math.ceil(piece.length / 5);
}
