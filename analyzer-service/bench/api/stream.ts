import { once } from 'node:events';
import { setInterval as every } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type BenchRow, quantile } from '../rows.ts';
import type { ServiceProcess } from './service-process.ts';

const SECONDS = 20;
const PUSHES_PER_SECOND = 20;
const LINES_PER_PUSH = 10;

/** Many clients on one selector while lines are stored at 200 a second: the delay from storing to receiving. */
export async function benchStream(
  service: ServiceProcess,
  storeUrl: string,
  clients: number,
): Promise<BenchRow[]> {
  const delays: number[] = [];
  let received = 0;
  let missed = 0;
  const sockets = Array.from({ length: clients }, () => {
    const socket = new WebSocket(`${service.url.replace('http', 'ws')}/api/v1/ai_logs/stream`);
    socket.on('message', (data: Buffer) => {
      const oldest = data.indexOf('"timestamp_ns":"');
      if (data.includes('"type":"missed"')) missed++;
      if (oldest < 0 || data.includes('"type":"alert"')) return;
      // Reading only the oldest line's time: parsing each message a thousand times would be the bench's own load.
      delays.push(Date.now() - Number(data.toString('latin1', oldest + 16, oldest + 16 + 13)));
      received += data.toString('latin1').split('"timestamp_ns"').length - 1;
    });
    return socket;
  });
  await Promise.all(
    sockets.map(async (socket) => {
      await once(socket, 'open');
      socket.send('{"type":"subscribe","services":["bench"]}');
      await once(socket, 'message');
    }),
  );
  await service.forgetPeak();
  const cpuBefore = await service.cpuSeconds();
  const pushed = await push(storeUrl);
  for await (const _ of every(100)) if (received >= pushed * clients || missed > 0) break;
  const cpu = (await service.cpuSeconds()) - cpuBefore;
  for (const socket of sockets) socket.terminate();
  const name = `${clients} stream clients, ${PUSHES_PER_SECOND * LINES_PER_PUSH} lines/s`;
  return [
    { what: `${name}: median delay`, value: quantile(delays, 0.5), unit: 'ms' },
    { what: `${name}: p99 delay`, value: quantile(delays, 0.99), unit: 'ms' },
    { what: `${name}: lines received of those due`, value: (100 * received) / (pushed * clients), unit: '%' },
    { what: `${name}: messages that told of missed lines`, value: missed, unit: 'messages' },
    { what: `${name}: processor time of the service`, value: cpu / SECONDS, unit: 's per s' },
    { what: `${name}: highest memory of the service`, value: (await service.memory()).highest, unit: 'MB' },
  ];
}

async function push(storeUrl: string): Promise<number> {
  let pushed = 0;
  for await (const _ of every(1_000 / PUSHES_PER_SECOND)) {
    const now = BigInt(Date.now()) * 1_000_000n;
    const values = Array.from({ length: LINES_PER_PUSH }, (_unused, index) => [
      `${now + BigInt(index)}`,
      `GET /api/orders/${pushed + index} 200 in 12 ms for a customer with a long name and a longer address`,
    ]);
    const response = await fetch(`${storeUrl}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ streams: [{ stream: { service_name: 'bench' }, values }] }),
    });
    if (!response.ok) throw new Error(await response.text());
    pushed += LINES_PER_PUSH;
    if (pushed >= SECONDS * PUSHES_PER_SECOND * LINES_PER_PUSH) return pushed;
  }
  return pushed;
}
