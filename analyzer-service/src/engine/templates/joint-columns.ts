import type { Cell, KeyRow, KeyRows } from './key-rows.ts';
import { OPEN } from './key-rows.ts';
import { isName } from './wording.ts';

const MEMBERS_MIN = 5;
const DEPTH_MAX = 12;
const A_WORD = -1;

/**
 * Cells of columns that vary together, so that no two wordings differ in one of them alone (`Registering class A for
 * class B`). Rows of one build are parted by the column with the fewest words, as IPLoM does, until all columns that
 * still vary do so in nearly every row. Cost: rows × columns × depth of the parting.
 */
export function jointlyVaryingColumns({ rows, words }: KeyRows): Cell[] {
  const builds = groupBy(rows.keys(), (row) => buildOf(rows[row]!));
  const cells: Cell[] = [];
  for (const members of builds) part(members, 0);
  return cells;

  function part(members: readonly number[], depth: number): void {
    if (members.length < MEMBERS_MIN || depth > DEPTH_MAX) return;
    const { varying, constant } = columnsThatVary(members, rows);
    if (varying.length < 2) return;
    const steadiest = varying.reduce((best, next) => (next.found.size < best.found.size ? next : best));
    if (steadiest.found.size < members.length / 2) {
      for (const next of groupBy(members, (row) => rows[row]!.ids[steadiest.column]!)) part(next, depth + 1);
      return;
    }
    const named = varying.every(
      ({ found }) => [...found].filter((id) => isName(words[id]!)).length > found.size / 2,
    );
    if (constant < 3 || constant < varying.length || (!named && members.length < 4 * MEMBERS_MIN)) return;
    for (const row of members) for (const { column } of varying) cells.push({ row, column });
  }
}

interface VaryingColumn {
  readonly column: number;
  readonly found: ReadonlySet<number>;
}

function columnsThatVary(
  members: readonly number[],
  rows: readonly KeyRow[],
): { varying: VaryingColumn[]; constant: number } {
  const { ids, kinds } = rows[members[0]!]!;
  const varying: VaryingColumn[] = [];
  let constant = 0;
  ids.forEach((id, column) => {
    if (kinds[column] === 'symbol' || id === OPEN) return;
    const found = new Set(members.map((row) => rows[row]!.ids[column]!));
    if (found.size > 1) varying.push({ column, found });
    else constant++;
  });
  return { varying, constant };
}

/** Equal for rows that differ in words only. */
function buildOf({ ids, kinds }: KeyRow): string {
  return ids.map((id, column) => (kinds[column] === 'word' && id !== OPEN ? A_WORD : id)).join();
}

function groupBy(members: Iterable<number>, keyOf: (member: number) => unknown): number[][] {
  return [...Map.groupBy(members, keyOf).values()];
}
