import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestLoki, TEST_START_S, testTime, type TestLoki } from '../testing/test-loki.ts';
import {
  bytesField,
  fixed64Field,
  message,
  snappy,
  textField,
  varintField,
} from '../testing/protobuf-writer.ts';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };

function entry(second: number, line: string | Buffer, metadata: Record<string, string> = {}): Buffer {
  return message(
    bytesField(1, message(varintField(1, TEST_START_S + second), varintField(2, 5))),
    bytesField(2, Buffer.from(line)),
    ...Object.entries(metadata).map(([name, value]) =>
      bytesField(3, message(textField(1, name), textField(2, value))),
    ),
  );
}

async function pushProtobuf(loki: TestLoki, labels: string, ...entries: Buffer[]): Promise<string> {
  const stream = message(textField(1, labels), ...entries.map((item) => bytesField(2, item)));
  const response = await loki.post('/loki/api/v1/push', snappy(message(bytesField(1, stream))), PROTOBUF);
  return `${response.status} ${(await response.text()).trim()}`.trim();
}

void test('takes the protobuf that Promtail and Alloy send', async (t) => {
  const loki = await startTestLoki(t);
  assert.equal(
    await pushProtobuf(
      loki,
      '{app="a", quoted="x\\"y"}',
      entry(1, 'one', { id: '7' }),
      entry(2, 'two'.repeat(100)),
    ),
    '204',
  );
  const { result } = await loki.range('{app="a"} | id="7"');
  assert.deepEqual(result, [
    {
      stream: { app: 'a', quoted: 'x"y', service_name: 'a', id: '7', detected_level: 'unknown' },
      values: [[`${BigInt(testTime(1)) + 5n}`, 'one']],
    },
  ]);
  assert.deepEqual(await loki.lines('{app="a"}'), ['one', 'two'.repeat(100)]);
});

void test('each byte that is no UTF-8 becomes U+FFFD', async (t) => {
  const loki = await startTestLoki(t);
  await pushProtobuf(loki, '{app="a"}', entry(1, Buffer.from([0x61, 0xff, 0xe2, 0x82, 0x62, 0xc3, 0xa9])));
  assert.deepEqual(await loki.lines('{app="a"}'), ['a\ufffd\ufffd\ufffdb\u00e9']);
});

void test('refuses protobuf that is wrong with 400', async (t) => {
  const loki = await startTestLoki(t);
  assert.match(await pushProtobuf(loki, 'app=a', entry(1, 'x')), /^400 error parsing labels/);
  assert.match(
    await pushProtobuf(loki, '{app="a"}', message(textField(2, 'no time'))),
    /^400 .*no timestamp/,
  );
  for (const body of [
    Buffer.from('rubbish'),
    Buffer.alloc(0),
    Buffer.from([200, 1, 0, 0]),
    snappy(Buffer.from([255, 255])),
  ]) {
    const response = await loki.post('/loki/api/v1/push', body, PROTOBUF);
    assert.equal(response.status, 400, body.toString('hex'));
  }
});

const WRONG_JSON = [
  '',
  '[]',
  '{"streams":{}}',
  '{"streams":[1]}',
  '{"streams":[{"stream":{"a":1},"values":[]}]}',
  '{"streams":[{"stream":{"a":"b"},"values":{}}]}',
  '{"streams":[{"stream":{"a":"b"},"values":[["x","y"]]}]}',
  '{"streams":[{"stream":{"a":"b"},"values":[[1,"y"]]}]}',
  '{"streams":[{"stream":{"a":"b"},"values":[["1",2]]}]}',
  '{"streams":[{"stream":{"a":"b"},"values":[["1","y","z"]]}]}',
  '{"streams":[{"stream":{"a":"b"},"values":[["1","y",{"k":1}]]}]}',
  '{"streams":[{"stream":{"a":"b"},"values":[["1","y"],]}]}',
  '{"streams":[{"stream":{"a":"b"},"values":[["1","y"]]}',
];

void test('JSON pushes that are wrong are refused with 400 and a reason, small and large', async (t) => {
  const loki = await startTestLoki(t);
  const padding = ' '.repeat(2_100_000);
  for (const body of WRONG_JSON)
    for (const padded of [body, padding + body]) {
      const response = await loki.post('/loki/api/v1/push', padded, { 'content-type': 'application/json' });
      assert.equal(response.status, 400, body);
      assert.match(await response.text(), /couldn't parse push request/, body);
    }
  for (const body of ['{}', '{"streams":null}', '{"streams":[]}', `${padding}{"streams":[], "more": 1}`]) {
    const response = await loki.post('/loki/api/v1/push', body, { 'content-type': 'application/json' });
    assert.equal(response.status, 204, body);
  }
});

void test('a large push is stored whole', async (t) => {
  const loki = await startTestLoki(t, { entriesPerQueryMax: 100_000 });
  const values = Array.from({ length: 30_000 }, (_, index) => [
    `${BigInt(testTime(1)) + BigInt(index)}`,
    `"line" ${index} ${'é'.repeat(40)}`,
    { n: String(index % 3) },
  ]);
  const body = JSON.stringify({
    streams: [
      { stream: { app: 'large' }, values },
      { stream: { app: 'small' }, values: values.slice(0, 1) },
    ],
  });
  const response = await loki.post('/loki/api/v1/push', body, { 'content-type': 'application/json' });
  assert.equal(response.status, 204);
  assert.deepEqual(await loki.instant('sum by (app) (count_over_time({app=~".+"}[1h]))'), {
    'app=large': '30000',
    'app=small': '1',
  });
  assert.equal((await loki.range('{app="large"} | n="2"', { limit: '100000' })).result.length, 1);
});

const OTLP_JSON = {
  resourceLogs: [
    {
      resource: {
        attributes: [
          { key: 'service.name', value: { stringValue: 'shop' } },
          { key: 'k8s.namespace.name', value: { stringValue: 'prod' } },
          { key: 'host.name', value: { stringValue: 'h1' } },
        ],
      },
      scopeLogs: [
        {
          scope: {
            name: 'lib',
            version: '1.0',
            attributes: [{ key: 'scope.attr', value: { boolValue: true } }],
          },
          logRecords: [
            {
              timeUnixNano: testTime(1),
              severityNumber: 17,
              severityText: 'ERROR',
              body: { stringValue: 'payment failed' },
              attributes: [
                { key: 'http.status', value: { intValue: '502' } },
                {
                  key: 'nested',
                  value: { kvlistValue: { values: [{ key: 'a.b', value: { doubleValue: 1.5 } }] } },
                },
                { key: 'list', value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: 2 }] } } },
              ],
              traceId: '5b8efff798038103d269b633813fc60c',
              spanId: 'eee19b7ec3c1b174',
            },
            {
              observedTimeUnixNano: testTime(2),
              body: { kvlistValue: { values: [{ key: 'k', value: { stringValue: 'v' } }] } },
            },
          ],
        },
      ],
    },
  ],
};

void test('takes OpenTelemetry logs as JSON: few labels, all else structured metadata', async (t) => {
  const loki = await startTestLoki(t);
  const response = await loki.post('/otlp/v1/logs', JSON.stringify(OTLP_JSON), {
    'content-type': 'application/json',
  });
  assert.equal(response.status, 204);
  const { result } = await loki.range('{service_name="shop"}', { direction: 'forward' });
  const shared = {
    service_name: 'shop',
    k8s_namespace_name: 'prod',
    host_name: 'h1',
    scope_name: 'lib',
    scope_version: '1.0',
    scope_attr: 'true',
  };
  assert.deepEqual(
    (result as { stream: unknown; values: unknown }[]).toSorted((a, b) =>
      JSON.stringify(a.values).localeCompare(JSON.stringify(b.values)),
    ),
    [
      {
        stream: {
          ...shared,
          detected_level: 'error',
          severity_number: '17',
          severity_text: 'ERROR',
          http_status: '502',
          nested_a_b: '1.5',
          list: '["x",2]',
          trace_id: '5b8efff798038103d269b633813fc60c',
          span_id: 'eee19b7ec3c1b174',
        },
        values: [[testTime(1), 'payment failed']],
      },
      {
        stream: { ...shared, detected_level: 'unknown', observed_timestamp: testTime(2) },
        values: [[testTime(2), '{"k":"v"}']],
      },
    ],
  );
});

void test('takes OpenTelemetry logs as protobuf', async (t) => {
  const loki = await startTestLoki(t);
  const attribute = (key: string, value: Buffer): Buffer => message(textField(1, key), bytesField(2, value));
  const record = message(
    fixed64Field(1, BigInt(testTime(1))),
    varintField(2, 9),
    bytesField(5, message(textField(1, 'hello'))),
    bytesField(6, attribute('user.id', message(varintField(3, 42)))),
    bytesField(9, Buffer.from('5b8efff798038103d269b633813fc60c', 'hex')),
  );
  const resource = message(bytesField(1, attribute('service.name', message(textField(1, 'shop')))));
  const body = message(
    bytesField(1, message(bytesField(1, resource), bytesField(2, message(bytesField(2, record))))),
  );
  const response = await loki.post('/otlp/v1/logs', body, PROTOBUF);
  assert.equal(response.status, 204);
  const stream = {
    service_name: 'shop',
    detected_level: 'info',
    severity_number: '9',
    user_id: '42',
    trace_id: '5b8efff798038103d269b633813fc60c',
  };
  assert.deepEqual((await loki.range('{service_name="shop"}')).result, [
    { stream, values: [[testTime(1), 'hello']] },
  ]);
  assert.equal((await loki.post('/otlp/v1/logs', 'x', { 'content-type': 'text/plain' })).status, 400);
});

void test('a repetition is left out, in the same push, in a later one and after others', async (t) => {
  const loki = await startTestLoki(t);
  await loki.push({ app: 'a' }, [
    [1, 'x'],
    [1, 'x'],
    [1, 'y'],
    [2, 'x'],
  ]);
  await loki.push({ app: 'a' }, [[3, 'z']]);
  await loki.push({ app: 'a' }, [
    [2, 'x'],
    [1, 'y'],
    [2, 'new'],
  ]);
  await loki.push({ app: 'b' }, [[1, 'x']]);
  await loki.push({ app: 'a' }, [[1, 'x', { id: 'metadata does not make it another line' }]]);
  assert.deepEqual(await loki.lines('{app="a"}'), ['x', 'y', 'x', 'new', 'z']);
  assert.deepEqual(await loki.lines('{app="b"}'), ['x']);
});
