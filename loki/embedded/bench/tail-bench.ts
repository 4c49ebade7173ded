import { WebSocket } from 'ws';
import { once } from 'node:events';

const CLIENTS = 200;
const LINES = 100;
const PAUSE_MS = 20;

/** Pushes lines one at a time to 200 tail clients; every client must get each line once and in order. */
export async function measureTail(url: string): Promise<{ medianMs: number; lines: number }> {
  const query = encodeURIComponent('{job="tail-bench"}');
  const delays: number[] = [];
  const finished: Promise<void>[] = [];
  for (let client = 0; client < CLIENTS; client += 1) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/loki/api/v1/tail?query=${query}`);
    await once(socket, 'open');
    finished.push(
      new Promise((resolve, reject) => {
        let expected = 0;
        socket.on('error', reject);
        socket.on('message', (data: Buffer) => {
          const { streams } = JSON.parse(data.toString()) as { streams: { values: [string, string][] }[] };
          for (const [, line] of streams.flatMap(({ values }) => values)) {
            const [number, sentAt] = line.split(' ').map(Number) as [number, number];
            if (number !== expected) reject(new Error(`a client got line ${number} instead of ${expected}`));
            expected += 1;
            delays.push(Date.now() - sentAt);
          }
          if (expected === LINES) {
            socket.close();
            resolve();
          }
        });
      }),
    );
  }
  for (let number = 0; number < LINES; number += 1) {
    const now = Date.now();
    const values = [[`${now}${String(number).padStart(6, '0')}`, `${number} ${now}`]];
    const body = JSON.stringify({ streams: [{ stream: { job: 'tail-bench' }, values }] });
    await fetch(`${url}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  await Promise.all(finished);
  const sorted = delays.toSorted((a, b) => a - b);
  return { medianMs: sorted[Math.floor(sorted.length / 2)] ?? NaN, lines: LINES };
}
