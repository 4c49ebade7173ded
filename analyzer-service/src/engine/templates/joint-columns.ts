import { WILDCARD } from './columns.ts';
import type { Cell, Wording } from './wording.ts';
import { isName, rowKey } from './wording.ts';

/**
 * Cells of columns that vary together, so that no two wordings differ in one of them alone (`Registering class A for
 * class B`). Wordings of one build are parted by the column with the fewest words, as IPLoM does, until all columns
 * that still vary do so in nearly every wording. Cost: wordings × columns × depth of the parting.
 */
export function jointlyVaryingColumns(
  wordings: readonly Wording[],
  keys: readonly (readonly string[])[],
): Cell[] {
  const builds = new Map<string, number[]>();
  const seen = new Set<string>();
  keys.forEach((row, wording) => {
    const key = rowKey(row);
    if (seen.has(key)) return;
    seen.add(key);
    const { kinds } = wordings[wording]!;
    const build = row.map((cell, i) => (kinds[i] === 'word' && cell !== WILDCARD ? 'w' : cell)).join('\n');
    append(builds, build, wording);
  });
  const chosen = new Map<string, ReadonlySet<number>>();
  for (const members of builds.values()) part(members, wordings, keys, chosen, 0);
  const cells: Cell[] = [];
  keys.forEach((row, wording) =>
    chosen.get(rowKey(row))?.forEach((column) => cells.push({ wording, column })),
  );
  return cells;
}

const MEMBERS_MIN = 5;
const DEPTH_MAX = 12;

function part(
  members: readonly number[],
  wordings: readonly Wording[],
  keys: readonly (readonly string[])[],
  chosen: Map<string, ReadonlySet<number>>,
  depth: number,
): void {
  if (members.length < MEMBERS_MIN || depth > DEPTH_MAX) return;
  const row = keys[members[0]!]!;
  const { kinds } = wordings[members[0]!]!;
  const varying: { readonly column: number; readonly words: ReadonlySet<string> }[] = [];
  let constant = 0;
  row.forEach((cell, column) => {
    if (kinds[column] === 'symbol' || cell === WILDCARD) return;
    const words = new Set(members.map((member) => keys[member]![column]!));
    if (words.size > 1) varying.push({ column, words });
    else constant++;
  });
  if (varying.length < 2) return;
  const steadiest = varying.reduce((best, next) => (next.words.size < best.words.size ? next : best));
  if (steadiest.words.size < members.length / 2) {
    const parts = new Map<string, number[]>();
    for (const member of members) append(parts, keys[member]![steadiest.column]!, member);
    for (const next of parts.values()) part(next, wordings, keys, chosen, depth + 1);
    return;
  }
  const names = varying.every(({ words }) => [...words].filter(isName).length > words.size / 2);
  if (constant < 3 || constant < varying.length || (!names && members.length < 4 * MEMBERS_MIN)) return;
  const marked = new Set(varying.map(({ column }) => column));
  for (const member of members) chosen.set(rowKey(keys[member]!), marked);
}

function append(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
