import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreProcess } from './testing/store-process.ts';
import { startTestLoki, temporaryFolder, testTime } from './testing/test-loki.ts';

const KILLS = 12;
const PUSHES_AT_A_TIME = 3;
const LINES_A_PUSH = 40;

/** Starts the store, pushes until it is killed in the middle, and answers which lines were acknowledged. */
async function pushUntilKilled(dataDir: string, round: number): Promise<string[]> {
  const store = await StoreProcess.start(dataDir);
  const acknowledged: string[] = [];
  const pushesBeforeKill = 3 + round * 2;
  let pushed = 0;
  let running = true;
  const pushSome = async (worker: number): Promise<void> => {
    for (let number = 0; running; number += 1) {
      const lines = Array.from(
        { length: LINES_A_PUSH },
        (_, index) => `round ${round} worker ${worker} push ${number} line ${index}`,
      );
      const values = lines.map((line, index) => [testTime(round * 100 + index), line]);
      const body = JSON.stringify({
        streams: [{ stream: { job: 'crash', worker: String(worker) }, values }],
      });
      try {
        const headers = { 'content-type': 'application/json' };
        const { status } = await fetch(`${store.url}/loki/api/v1/push`, { method: 'POST', headers, body });
        if (status === 204) acknowledged.push(...lines);
      } catch {
        return;
      }
      pushed += 1;
      if (pushed === pushesBeforeKill) {
        running = false;
        void store.stop('SIGKILL');
      }
    }
  };
  await Promise.all(Array.from({ length: PUSHES_AT_A_TIME }, (_, worker) => pushSome(worker)));
  await store.stop('SIGKILL');
  return acknowledged;
}

void test('every acknowledged line is there once after the process was killed many times', async (t) => {
  const dataDir = await temporaryFolder(t);
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS; round += 1)
    acknowledged.push(...(await pushUntilKilled(dataDir, round)));
  const loki = await startTestLoki(t, { dataDir, entriesPerQueryMax: 1_000_000 });
  const stored: string[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    const range = { start: testTime(round * 100), end: testTime(round * 100 + 99), limit: '1000000' };
    const { result } = await loki.range('{job="crash"}', range);
    for (const { values } of result as { values: [string, string][] }[])
      stored.push(...values.map(([, line]) => line));
  }
  const counts = new Map<string, number>();
  for (const line of stored) counts.set(line, (counts.get(line) ?? 0) + 1);
  assert.ok(acknowledged.length >= KILLS * LINES_A_PUSH);
  assert.deepEqual(
    acknowledged.filter((line) => counts.get(line) !== 1),
    [],
  );
  assert.deepEqual(
    [...counts.values()].filter((count) => count !== 1),
    [],
  );
});

void test('lines that were sent again after a crash are stored once', async (t) => {
  const dataDir = await temporaryFolder(t);
  const acknowledged = await pushUntilKilled(dataDir, 0);
  const loki = await startTestLoki(t, { dataDir });
  const before = (await loki.lines('{job="crash"}')).toSorted();
  const again = acknowledged.slice(0, LINES_A_PUSH);
  const worker = /worker (\d)/.exec(again[0] ?? '')?.[1] ?? '0';
  await loki.push(
    { job: 'crash', worker },
    again.map((line, index) => [index, line] as const),
  );
  assert.deepEqual((await loki.lines('{job="crash"}')).toSorted(), before);
});
