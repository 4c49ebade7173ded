import { badRequest } from '../errors.ts';
import type { CompiledStage } from '../pipeline/entry.ts';

type Part = { readonly kind: 'capture' | 'literal'; readonly text: string };

/** `| pattern "<ip> - <_> <method>"`: captures between literals become labels, `<_>` is thrown away. */
export function compilePatternParser(expression: string): CompiledStage {
  const parts = splitPattern(expression);
  const refuse = (reason: string): Error =>
    badRequest(`parse error : invalid pattern parser: ${reason}: invalid expression`);
  const names = parts.filter((part) => part.kind === 'capture' && part.text !== '_').map((part) => part.text);
  if (names.length === 0) throw refuse('at least one capture is required');
  if (new Set(names).size < names.length) throw refuse(`duplicate capture name (${expression})`);
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (part.kind === 'capture' && next?.kind === 'capture')
      throw refuse(`found consecutive capture '<${part.text}><${next.text}>'`);
  }
  return (entry) => {
    matchPattern(entry.line, parts, (name, value) => entry.extract(name, value));
    return true;
  };
}

const CAPTURE = /<([A-Za-z_]\w*)>/g;

function splitPattern(expression: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of expression.matchAll(CAPTURE)) {
    if (match.index > end) parts.push({ kind: 'literal', text: expression.slice(end, match.index) });
    parts.push({ kind: 'capture', text: match[1] ?? '_' });
    end = match.index + match[0].length;
  }
  if (end < expression.length) parts.push({ kind: 'literal', text: expression.slice(end) });
  return parts;
}

/** A literal that is missing ends the match: its capture then takes the rest of the line. */
function matchPattern(
  line: string,
  parts: readonly Part[],
  visit: (name: string, value: string) => void,
): void {
  if (line === '') return;
  let at = 0;
  let index = 0;
  const first = parts[0];
  if (first?.kind === 'literal') {
    if (!line.startsWith(first.text)) return;
    at = first.text.length;
    index = 1;
  }
  for (; index < parts.length; index += 2) {
    const name = parts[index]?.text ?? '_';
    const literal = parts[index + 1];
    const end = literal ? line.indexOf(literal.text, at) : -1;
    if (name !== '_') visit(name, end < 0 ? line.slice(at) : line.slice(at, end));
    if (!literal || end < 0) return;
    at = end + literal.text.length;
  }
}
