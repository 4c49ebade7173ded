import { badRequest } from '../errors.ts';
import { unquote } from '../logql/literals.ts';
import type { Labels } from '../pipeline/entry.ts';

const PAIR = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*("(?:[^"\\]|\\.)*"|`[^`]*`)\s*(,|\}\s*$)/y;

/** Labels as protobuf pushes write them: `{a="b", c="d"}`. */
export function parseLabelsText(text: string): Labels {
  const refuse = (): Error =>
    badRequest(`error parsing labels '${text.slice(0, 200)}': write them as {name="value"}`);
  const labels: Record<string, string> = {};
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) throw refuse();
  if (/^\{\s*\}$/.test(trimmed)) return labels;
  PAIR.lastIndex = 1;
  for (;;) {
    const pair = PAIR.exec(trimmed);
    if (!pair) throw refuse();
    const [, name = '', value = '', ending = ''] = pair;
    labels[name] = unquote(value);
    if (ending !== ',') return labels;
    if (/^\s*\}\s*$/.test(trimmed.slice(PAIR.lastIndex))) return labels;
  }
}
