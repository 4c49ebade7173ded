/** Made-up service logs for the benchmark: JSON lines of about 180 bytes in 20 streams, one line a millisecond. */
export type BenchRange = { readonly fromLine: number; readonly lines: number };

export const BENCH_START_MS = Date.UTC(2026, 0, 1);
const SERVICES = [
  'gateway',
  'api',
  'worker',
  'payments',
  'search',
  'auth',
  'database',
  'mail',
  'cache',
  'billing',
];
const ZONES = ['a', 'b'];
const MESSAGES = [
  'request done',
  'connection pool is busy',
  'cache miss for key',
  'job finished',
  'query took longer than usual',
  'user signed in',
  'retrying the upstream call',
  'payment accepted',
];
const BODY_BYTES = 1_000_000;
const ERROR_EVERY_LINES = 5000;

/** Push bodies of about 1 MB each. */
export function* benchBodies({ fromLine, lines }: BenchRange): Generator<string> {
  const streams = new Map<number, string[]>();
  let bytes = 0;
  for (let number = fromLine; number < fromLine + lines; number += 1) {
    const line = benchLine(number);
    const stream = (number * 7919) % (SERVICES.length * ZONES.length);
    const value = `["${BENCH_START_MS + number}000000",${JSON.stringify(line)}]`;
    const values = streams.get(stream);
    if (values) values.push(value);
    else streams.set(stream, [value]);
    bytes += value.length + 1;
    if (bytes < BODY_BYTES && number < fromLine + lines - 1) continue;
    yield bodyOf(streams);
    streams.clear();
    bytes = 0;
  }
}

function bodyOf(streams: ReadonlyMap<number, readonly string[]>): string {
  const parts = [...streams].map(
    ([stream, values]) => `{"stream":${JSON.stringify(labelsOf(stream))},"values":[${values.join(',')}]}`,
  );
  return `{"streams":[${parts.join(',')}]}`;
}

function labelsOf(stream: number): Record<string, string> {
  const service = SERVICES[stream % SERVICES.length] ?? '';
  const zone = ZONES[Math.floor(stream / SERVICES.length)] ?? '';
  return { env: 'bench', service, zone };
}

function benchLine(number: number): string {
  const random = (number * 2654435761) % 4294967296;
  const isError = number % ERROR_EVERY_LINES === 0;
  return JSON.stringify({
    level: isError ? 'error' : 'info',
    msg: isError ? 'upstream failed' : MESSAGES[random % MESSAGES.length],
    method: random % 3 === 0 ? 'POST' : 'GET',
    path: `/api/v1/items/${random % 10_000}`,
    status: isError ? 503 : 200,
    duration_ms: random % 900,
    request: random.toString(16).padStart(8, '0') + number.toString(16).padStart(8, '0'),
  });
}
