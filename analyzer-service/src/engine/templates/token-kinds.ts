/** Kinds of tokens. A value is what its spelling shows to vary: its text is not part of a line's shape. */
export const WORD = 0;
export const VALUE = 1;
export const SYMBOL = 2;
