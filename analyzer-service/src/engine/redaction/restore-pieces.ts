import type { Redactor } from './redactor.ts';

/** Longer than any placeholder: what is held back as the beginning of one never grows beyond it. */
const PLACEHOLDER_CHARACTERS_MAX = 40;

/**
 * Puts hidden secrets back into a text that comes in pieces, also where a placeholder is cut between two of them.
 * `tell` gets the restored pieces in order; `end` tells what was held back.
 */
export function restorePieces(redactor: Redactor, tell: (piece: string) => void) {
  let held = '';
  const give = (text: string) => {
    if (text) tell(redactor.restore(text));
  };
  return {
    add(piece: string): void {
      const text = held + piece;
      const begun = text.lastIndexOf('[');
      const isOpen =
        begun !== -1 && !text.includes(']', begun) && text.length - begun < PLACEHOLDER_CHARACTERS_MAX;
      held = isOpen ? text.slice(begun) : '';
      give(isOpen ? text.slice(0, begun) : text);
    },
    end(): void {
      give(held);
      held = '';
    },
  };
}
