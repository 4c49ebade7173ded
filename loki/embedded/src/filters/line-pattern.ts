import { badRequest } from '../errors.ts';

/** The test of `|> "text <_> text"`: the literals in order, anchored at the ends that are no wildcard. */
export function compileLinePattern(pattern: string): (line: string) => boolean {
  if (pattern === '') return (line) => line === '';
  if (/<[a-zA-Z_]\w*>/.test(pattern.replaceAll('<_>', '')))
    throw badRequest('parse error : named captures are not allowed in a pattern line filter');
  if (pattern.includes('<_><_>'))
    throw badRequest(`parse error : found consecutive capture '<_><_>': invalid expression`);
  const literals = pattern.split('<_>');
  const first = literals[0] ?? '';
  const last = literals.at(-1) ?? '';
  if (literals.length === 1) return (line) => line === first;
  const middle = literals.slice(1, -1);
  return (line) => {
    if (!line.startsWith(first)) return false;
    let from = first.length;
    for (const literal of middle) {
      const at = line.indexOf(literal, from);
      if (at < 0) return false;
      from = at + literal.length;
    }
    return last === '' ? true : line.length - last.length >= from && line.endsWith(last);
  };
}
