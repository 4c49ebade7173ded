/** How long work may go on before others have their turn, in milliseconds. */
const TURN_MS = 8;

const waiting: (() => void)[] = [];

/**
 * Waits until others had their turn: sockets, timers, and every other work that waits here. Between two looks at the
 * sockets only one of all works goes on, so that ten of them at once hold up a request no longer than one does.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(giveTurn);
}

/** Calls `each` with one item after the other, a few milliseconds at a time. */
export async function eachInTurns<Item>(items: Iterable<Item>, each: (item: Item) => void): Promise<void> {
  let turnEndsMs = performance.now() + TURN_MS;
  for (const item of items) {
    each(item);
    if (performance.now() < turnEndsMs) continue;
    await nextTurn();
    turnEndsMs = performance.now() + TURN_MS;
  }
}

/** The results of `each`, one item after the other, a few milliseconds at a time. */
export async function inTurns<Item, Result>(
  items: Iterable<Item>,
  each: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  await eachInTurns(items, (item) => void results.push(each(item)));
  return results;
}
