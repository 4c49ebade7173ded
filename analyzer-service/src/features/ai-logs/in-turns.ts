import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that takes long goes on after others had their turn. */
const TURN_MS = 8;

/** The results of `each`, one item after the other; other requests are answered meanwhile. */
export async function inTurns<Item, Result>(
  items: Iterable<Item>,
  each: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  let turnEndsMs = performance.now() + TURN_MS;
  for (const item of items) {
    results.push(each(item));
    if (performance.now() < turnEndsMs) continue;
    await nextTurn();
    turnEndsMs = performance.now() + TURN_MS;
  }
  return results;
}
