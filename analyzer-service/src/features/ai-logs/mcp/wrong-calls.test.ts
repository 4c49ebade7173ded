import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type McpTestClient, connectOverHttp } from '../../../testing/mcp-client.ts';
import { SAMPLE_END_MS, fillStore, testFolder, testService, testStore } from '../../../testing/test-stack.ts';

// What an agent gets that calls wrongly: what was wrong, and the call to make instead.

const END = new Date(SAMPLE_END_MS).toISOString();
const cleanups: (() => unknown)[] = [];
const suite = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
let agent: McpTestClient;
let url = '';

before(async () => {
  const store = await testStore(suite);
  await fillStore(store.url, 'bad-deploy', 1, 30);
  ({ url } = await testService(suite, store.url, { DATA_DIR: await testFolder(suite) }));
  agent = await connectOverHttp(suite, `${url}/mcp`);
});
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

type Given = Record<string, unknown>;
/** Tool, arguments, what the error says, and the arguments to call with instead. */
const MENDED: readonly (readonly [string, Given, RegExp, Given])[] = [
  ['query_logs', { service: 'api' }, /Unrecognized key: "service"/, { services: 'api' }],
  ['query_logs', { serviceName: 'api', max_lines: '5' }, /Unrecognized/, { services: 'api', limit: 5 }],
  ['query_logs', { severity: 'ERROR,critical' }, /severity/, { severity: 'error,fatal' }],
  ['query_logs', { level: 'warning' }, /Unrecognized/, { severity: 'warn' }],
  ['query_logs', { limit: 100_000 }, /limit/, { limit: 200 }],
  ['troubleshoot', { time_range: '15 minutes' }, /must look like 15m/, { time_range: '15m' }],
  ['troubleshoot', { time_range: 'last 2 hours' }, /must look like 15m/, { time_range: '2h' }],
  ['troubleshoot', { since: 'PT30M' }, /Unrecognized key: "since"/, { time_range: '30m' }],
  ['troubleshoot', { from: 'now-1h', to: 'now' }, /Unrecognized/, { time_range: '1h' }],
  ['troubleshoot', { max_tokens: 5 }, /max_tokens/, { max_tokens: 300 }],
  ['troubleshoot', { servces: ['api'] }, /Unrecognized/, { services: 'api' }],
  ['trace_request', { trace_id: 'abc' }, /Unrecognized/, { id: 'abc' }],
  ['trace_request', { id: 'nobody', end: END }, /not_found/, { id: 'nobody', end: END, time_range: '24h' }],
  ['compare', { start: 'monday' }, /start is not a time/, { time_range: '1h' }],
  [
    'patterns',
    { baseline: 'yesterday', time_range: '3d' },
    /overlaps/,
    { baseline: 'previous', time_range: '3d' },
  ],
  ['explain_line', { message: 'disk full' }, /Unrecognized/, { line: 'disk full' }],
];

for (const [tool, given, message, instead] of MENDED)
  void it(`${tool} ${JSON.stringify(given)} is answered with the call that was meant`, async () => {
    const { text, isError } = await agent.call(tool, given);
    assert.equal(isError, true, text);
    assert.match(text, message);
    const [, call = ''] = new RegExp(`^call instead: ${tool} (.*)$`, 'm').exec(text) ?? [];
    assert.deepEqual(JSON.parse(call || 'null'), instead, text);
  });

const deep = (levels: number): unknown => {
  let nested: unknown = 'x';
  for (let level = 0; level < levels; level++) nested = [nested];
  return nested;
};

const HOSTILE: readonly (readonly [string, string, Given])[] = [
  ['a huge text', 'query_logs', { search: 'x'.repeat(500_000) }],
  ['a huge name of an argument', 'query_logs', { ['x'.repeat(100_000)]: 1 }],
  [
    'ten thousand arguments',
    'troubleshoot',
    Object.fromEntries(Array.from({ length: 1e4 }, (_, i) => [`a${i}`, i])),
  ],
  ['deep nesting', 'troubleshoot', { services: deep(1_000) }],
  ['wrong types', 'patterns', { services: { a: 1 }, limit: 'many', time_range: 15, search: false }],
  ['names of properties', 'compare', { __proto__x: 1, constructor: 'x', toString: 1 }],
  ['an id that is none', 'query_logs', { evidence: 'e:zzzzzzzzzzzzz:ffffff:%E0%A4%A' }],
  ['an id of nothing', 'query_logs', { evidence: 'e:zzzzzzzzzzzz:ffffff:api' }],
  ['both ways to name a line', 'explain_line', { line: 'a', evidence: 'b' }],
  ['a lone surrogate', 'query_logs', { evidence: '\ud800' }],
];
for (const [what, tool, given] of HOSTILE)
  void it(`${what} is refused in few words and little time`, async () => {
    const startedMs = performance.now();
    const { text, isError } = await agent.call(tool, given);
    assert.equal(isError, true, text);
    assert.match(text, /^error \w+/);
    assert.ok(text.length < 2_500, `${text.length} characters`);
    assert.ok(performance.now() - startedMs < 2_000);
  });

void it('a tool that does not exist is answered with those that do', async () => {
  const { text, isError } = await agent.call('query_log');
  assert.equal(isError, true);
  assert.match(text, /Tools: troubleshoot, query_logs.*Did you mean query_logs\?/);
});

const EMPTY: readonly (readonly [string, Given, RegExp])[] = [
  [
    'query_logs',
    { services: 'paymets', end: END },
    /no service paymets wrote.*Services that did: .*payments/,
  ],
  ['query_logs', { search: 'zebra', end: END }, /these services wrote.*search let none of them pass/],
  [
    'troubleshoot',
    { end: '2026-11-22T12:00:00Z' },
    /The newest line is of 2026-11-20T11:59.*\n[^]*next: troubleshoot .*2026-11-20T12:00:00/,
  ],
  ['troubleshoot', { end: '2020-01-01T00:00:00Z' }, /no lines at all/],
  ['compare', { services: 'nobody', end: END }, /no service nobody/],
  ['patterns', { services: 'nobody', end: END }, /no service nobody/],
  ['trace_request', { end: '2026-11-22T12:00:00Z' }, /no lines at all in this window/],
];
for (const [tool, given, why] of EMPTY)
  void it(`${tool} ${JSON.stringify(given)} finds nothing and says why`, async () => {
    const { text, isError } = await agent.call(tool, given);
    assert.equal(isError, false, text);
    assert.match(text, why);
  });

const POSTED: readonly (readonly [string, string, number, RegExp])[] = [
  ['no JSON', '{', 400, /not JSON/],
  ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]', 400, /Batches are not taken/],
  ['no message', '{"hello":1}', 400, /JSON-RPC/],
  [
    'a call with deeply nested arguments',
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"troubleshoot","arguments":{"services":${'['.repeat(200_000)}${']'.repeat(200_000)}}}}`,
    200,
    /"isError":true/,
  ],
  ['deep nesting', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 400, /Batches/],
];
for (const [what, body, status, message] of POSTED)
  void it(`${what} is answered with ${status}`, async () => {
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const response = await fetch(`${url}/mcp`, { method: 'POST', body, headers });
    assert.equal(response.status, status);
    assert.match(await response.text(), message);
  });

void it('a session is neither opened nor closed: GET and DELETE say what to do', async () => {
  for (const method of ['GET', 'DELETE']) {
    const response = await fetch(`${url}/mcp`, { method });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'POST');
    assert.match(await response.text(), /POST one JSON-RPC message/);
  }
});
