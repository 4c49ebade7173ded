import { memo } from 'react';

interface HighlightedProps {
  readonly text: string;
  readonly word: string;
}

const MARKS_MAX = 20;

/** The text with every occurrence of a word marked; case does not matter. */
export const Highlighted = memo(function Highlighted({ text, word }: HighlightedProps) {
  if (word === '') {
    return text;
  }
  const parts = [];
  const folded = text.toLowerCase();
  const wanted = word.toLowerCase();
  let from = 0;
  for (
    let at = folded.indexOf(wanted);
    at >= 0 && parts.length < MARKS_MAX * 2;
    at = folded.indexOf(wanted, from)
  ) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + word.length)}</mark>);
    from = at + word.length;
  }
  return (
    <>
      {parts}
      {text.slice(from)}
    </>
  );
});
