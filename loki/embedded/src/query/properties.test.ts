import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { startTestLoki, testTime } from '../testing/test-loki.ts';

const RUNS = 60;

const label = fc.constantFrom('app', 'level', 'x', '__error__', 'a_b');
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('error', '(a+)+$', '.*', '[', '{{.x}}', '<a> <_>', '10.0.0.0/8'),
);
const quoted = text.map((value) => JSON.stringify(value));
const number = fc.constantFrom('0', '1', '-1', '1.5', '1e3', '5s', '1h', '10KB');
const duration = fc.constantFrom('1s', '5m', '1h', '90s', '0s');

const matcher = fc
  .tuple(label, fc.constantFrom('=', '!=', '=~', '!~'), quoted)
  .map((parts) => parts.join(''));
const selector = fc
  .array(matcher, { minLength: 1, maxLength: 3 })
  .map((matchers) => `{${matchers.join(', ')}}`);
const labelFilter = fc.oneof(
  matcher,
  fc
    .tuple(label, fc.constantFrom('>', '>=', '<', '<=', '==', '!=', '='), number)
    .map((parts) => parts.join(' ')),
  fc.tuple(label, quoted).map(([name, value]) => `${name} = ip(${value})`),
);
const stage = fc.oneof(
  fc.tuple(fc.constantFrom('|=', '!=', '|~', '!~', '|>', '!>'), quoted).map((parts) => parts.join(' ')),
  fc.constantFrom(
    '| json',
    '| logfmt',
    '| logfmt --strict',
    '| unpack',
    '| decolorize',
    '| json x="a.b[0]"',
    '| logfmt a="b", c',
  ),
  labelFilter.map((filter) => `| ${filter}`),
  fc
    .tuple(labelFilter, fc.constantFrom('and', 'or', ','), labelFilter)
    .map((parts) => `| ${parts.join(' ')}`),
  fc
    .tuple(fc.constantFrom('line_format', 'regexp', 'pattern'), quoted)
    .map(([name, value]) => `| ${name} ${value}`),
  fc.tuple(label, quoted).map(([name, value]) => `| label_format ${name}=${value}`),
  fc.tuple(fc.constantFrom('keep', 'drop'), label).map(([name, value]) => `| ${name} ${value}`),
);
const logs = fc
  .tuple(selector, fc.array(stage, { maxLength: 5 }))
  .map(([matchers, stages]) => [matchers, ...stages].join(' '));
const range = fc.oneof(
  fc
    .tuple(fc.constantFrom('count_over_time', 'rate', 'bytes_rate', 'absent_over_time'), logs, duration)
    .map(([name, inner, size]) => `${name}(${inner}[${size}])`),
  fc
    .tuple(
      fc.constantFrom('sum_over_time', 'avg_over_time', 'max_over_time', 'first_over_time', 'rate_counter'),
      logs,
      label,
      duration,
    )
    .map(([name, inner, unwrapped, size]) => `${name}(${inner} | unwrap ${unwrapped}[${size}])`),
);
const { metric } = fc.letrec<{ metric: string }>((tie) => ({
  metric: fc.oneof(
    { maxDepth: 3 },
    range,
    fc
      .tuple(fc.constantFrom('sum', 'avg', 'count', 'stddev', 'sort'), tie('metric'))
      .map(([name, inner]) => `${name}(${inner})`),
    fc
      .tuple(fc.constantFrom('topk', 'bottomk'), fc.integer({ min: -1, max: 3 }), tie('metric'))
      .map(([name, k, inner]) => `${name}(${k}, ${inner})`),
    fc
      .tuple(
        tie('metric'),
        fc.constantFrom('+', '/', '%', '^', '>', '== bool', 'and', 'unless on(app)', '* on(app) group_left'),
        tie('metric'),
      )
      .map((parts) => parts.join(' ')),
    fc.constantFrom('1', 'vector(0)', '-3.5'),
  ),
}));

const LINES = [
  '{"a":{"b":[1]},"level":"error"}',
  'a=1 b="x y" level=warn',
  'plain text',
  '',
  '{"broken',
  '\u001b[31mred\u001b[0m',
  '10.0.0.1 - x',
  '{"_entry":"e","x":"y"}',
];

void test('a query built from the grammar is answered or refused with a reason, never with a crash', async (t) => {
  const loki = await startTestLoki(t);
  await loki.push(
    { app: 'error', x: '1' },
    LINES.map((line, index) => [index * 10, line] as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(logs, metric), async (query) => {
      const response = await loki.get('/loki/api/v1/query_range', {
        query,
        start: testTime(0),
        end: testTime(600),
        step: '60',
      });
      const body = await response.text();
      assert.ok(response.status === 200 || response.status === 400, `${response.status} ${query}: ${body}`);
      if (response.status === 200) assert.equal((JSON.parse(body) as { status: string }).status, 'success');
      else assert.match(body, /^[^\n]{5,}/, query);
    }),
    { numRuns: RUNS * 3 },
  );
  assert.equal((await loki.get('/ready')).status, 200);
});

void test('random text as a query is refused with a reason', async (t) => {
  const loki = await startTestLoki(t);
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), async (query) => {
      const { status } = await loki.get('/loki/api/v1/query_range', {
        query,
        start: testTime(0),
        end: testTime(60),
      });
      assert.ok(status === 400 || (status === 200 && /\d/.test(query)), `${status}: ${query}`);
    }),
    { numRuns: RUNS },
  );
});

void test('random bytes as a body are refused or stored, never a crash', async (t) => {
  const loki = await startTestLoki(t);
  const types = ['application/json', 'application/x-protobuf', 'text/plain', ''];
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(...types),
      fc.constantFrom('/loki/api/v1/push', '/otlp/v1/logs'),
      fc.constantFrom('', 'gzip', 'deflate'),
      async (bytes, type, endpoint, encoding) => {
        const headers = { 'content-type': type, ...(encoding ? { 'content-encoding': encoding } : {}) };
        const response = await loki.post(endpoint, Buffer.from(bytes), headers);
        const reason = await response.text();
        assert.ok(response.status === 204 || response.status === 400, `${response.status} ${reason}`);
        if (response.status === 400) assert.ok(reason.trim().length > 5);
      },
    ),
    { numRuns: RUNS * 3 },
  );
});

void test('what is pushed is read back, byte for byte, in order, without duplicates', async (t) => {
  const loki = await startTestLoki(t);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.oneof(fc.string(), fc.string({ unit: 'binary' }))),
        { maxLength: 40 },
      ),
      fc.string({ minLength: 1, unit: 'binary' }),
      async (entries, value) => {
        run += 1;
        const labels = { run: String(run), value };
        const lines = entries.map(([second, line]) => [second, line] as const);
        const half = Math.floor(lines.length / 2);
        if (lines.length > 0) await loki.push(labels, lines);
        if (half > 0) await loki.push(labels, lines.slice(0, half));
        const kept = lines.filter(
          ([second, line], index) =>
            lines.findIndex((other) => other[0] === second && other[1] === line) === index,
        );
        const expected = kept.toSorted(([a], [b]) => a - b).map(([, line]) => line.toWellFormed());
        assert.deepEqual(await loki.lines(`{run="${run}"}`), expected);
        if (kept.length > 0)
          assert.deepEqual(
            (await loki.streams(`{run="${run}"}`)).map((stream) => stream.value),
            [...new Set((await loki.streams(`{run="${run}"}`)).map((stream) => stream.detected_level))].map(
              () => value.toWellFormed(),
            ),
          );
      },
    ),
    { numRuns: RUNS },
  );
});
