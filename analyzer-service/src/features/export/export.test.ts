import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { answerJson, fakeLoki } from '../../testing/fake-loki.ts';
import { SAMPLE_END_MS, fillStore, testApp, testService, testStore } from '../../testing/test-stack.ts';

const START_NS = BigInt(SAMPLE_END_MS - 600_000) * 1_000_000n;
const END = new Date(SAMPLE_END_MS).toISOString();

/** What breaks files: quotes, separators, line ends, formulas, markup, control characters, other scripts. */
const HOSTILE = [
  'plain',
  'a "quoted" word, and a comma',
  'two\nlines',
  'two\r\nlines',
  '=HYPERLINK("http://evil.example")',
  '+1+1',
  '-1',
  '@SUM(A1)',
  '\tafter a tab',
  '| a | table | *bold* <b>tag</b> & [link](x)',
  'nul \u0001 and escape \u001b[31m',
  '_x0041_ is no A',
  'größer 日本 🙂',
  '',
];
const FORMULA = /^[=+\-@\t\r]/;

async function storeWith(context: TestContext, texts: readonly string[]): Promise<string> {
  const { url } = await testStore(context);
  const values = texts.map((text, index) => [
    `${START_NS + BigInt(index)}`,
    text,
    { request_id: `r${index}` },
  ]);
  const response = await fetch(`${url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream: { service_name: 'api' }, values }] }),
  });
  assert.equal(response.status, 204, await response.text());
  return url;
}

async function exported(
  context: TestContext,
  url: string,
  body: object,
  settings: Record<string, string> = {},
) {
  const app = await testApp(context, url, settings);
  return app.request('/api/v1/ai_logs/export', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ time_range: '15m', end: END, ...body }),
  });
}

void test('JSON and NDJSON hold every line exactly, oldest first, with all digits of its time', async (context) => {
  const url = await storeWith(context, HOSTILE);
  const small = { LOKI_ENTRIES_PER_QUERY: '100' };
  const whole = (await (await exported(context, url, { format: 'json' }, small)).json()) as {
    lines: { time: string; line: string; labels: Record<string, string> }[];
  };
  assert.deepEqual(
    whole.lines.map(({ line }) => line),
    HOSTILE,
  );
  assert.equal(whole.lines[1]?.time, '2026-11-20T11:50:00.000000001Z');
  assert.equal(whole.lines[1]?.labels.request_id, 'r1');
  const lines = (await (await exported(context, url, { format: 'ndjson' })).text()).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((text) => JSON.parse(text) as unknown),
    whole.lines,
  );
});

void test('CSV is read back unchanged, and formulas are text', async (context) => {
  const url = await storeWith(context, HOSTILE);
  const response = await exported(context, url, { format: 'csv' });
  assert.match(
    response.headers.get('content-disposition') ?? '',
    /attachment; filename="sonde-lines-.*\.csv"/,
  );
  const text = Buffer.from(await response.arrayBuffer()).toString('utf8');
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
  assert.deepEqual(
    rows.map(({ line }) => line),
    HOSTILE.map((line) => (FORMULA.test(line) ? `'${line}` : line)),
  );
  const unquoted = text.replaceAll(/"(?:[^"]|"")*"/g, '').replaceAll('\r\n', '');
  assert.doesNotMatch(unquoted, /[\r\n"]/, 'a line end within a cell stands in quotes');
});

void test('XLSX is a workbook whose cells hold the lines as text', async (context) => {
  const url = await storeWith(context, HOSTILE);
  const response = await exported(context, url, { format: 'xlsx' });
  const parts = unzipSync(new Uint8Array(await response.arrayBuffer()));
  assert.deepEqual(Object.keys(parts).sort(), [
    '[Content_Types].xml',
    '_rels/.rels',
    'xl/_rels/workbook.xml.rels',
    'xl/workbook.xml',
    'xl/worksheets/sheet1.xml',
  ]);
  const sheet = strFromU8(parts['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
  const rows = [...sheet.matchAll(/<row r="\d+">(.*?)<\/row>/gs)].map(([, row]) =>
    [...(row ?? '').matchAll(/<t xml:space="preserve">(.*?)<\/t>/gs)].map(([, text]) => readXml(text ?? '')),
  );
  assert.deepEqual(rows[0], ['time', 'service', 'level', 'line', 'labels']);
  assert.deepEqual(
    rows.slice(1).map((row) => row[3]),
    HOSTILE,
  );
  assert.doesNotMatch(sheet, /<f>/);
});

void test('Markdown is one table row a line, whatever the line holds', async (context) => {
  const url = await storeWith(context, HOSTILE);
  const text = await (await exported(context, url, { format: 'markdown' })).text();
  const rows = text.trimEnd().split('\n').slice(4);
  assert.equal(rows.length, HOSTILE.length);
  for (const row of rows) assert.equal([...row.matchAll(/(?<!\\)\|/g)].length, 6, row);
  assert.match(text, /\\<b\\>tag/);
});

void test('lines are filtered, and read page by page without loss or repetition', async (context) => {
  const texts = Array.from({ length: 1_234 }, (_, index) => `line ${index} ${index % 3 === 0 ? 'fizz' : ''}`);
  const url = await storeWith(context, texts);
  const body = { format: 'ndjson', services: ['api'], search: 'FIZZ' };
  const response = await exported(context, url, body, { LOKI_ENTRIES_PER_QUERY: '100' });
  const lines = (await response.text()).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((text) => (JSON.parse(text) as { line: string }).line),
    texts.filter((text) => text.includes('fizz')),
  );
});

void test('findings are exported with the query that shows their lines', async (context) => {
  const { url } = await testStore(context);
  await fillStore(url, 'pool-exhaustion');
  const response = await exported(context, url, { what: 'findings', format: 'csv', time_range: '30m' });
  const rows: Record<string, string>[] = parse(await response.text(), { bom: true, columns: true });
  assert.ok(rows.length > 0);
  for (const { severity, title, evidence_query } of rows) {
    assert.ok(severity && title);
    assert.match(evidence_query ?? '', /^\{service_name=~/);
  }
});

void test('more lines than an export may hold are refused with what to narrow; a limit takes the oldest', async (context) => {
  const texts = Array.from({ length: 1_500 }, (_, index) => `line ${index}`);
  const url = await storeWith(context, texts);
  const settings = { EXPORT_LINES_MAX: '1000' };
  const refused = await exported(context, url, {}, settings);
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /holds 1,500 lines, and an export at most 1,000.*EXPORT_LINES_MAX/);
  const cut = await exported(context, url, { limit: 10 }, settings);
  const lines = (await cut.text()).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((text) => (JSON.parse(text) as { line: string }).line),
    texts.slice(0, 10),
  );
});

for (const [body, message] of [
  [{ format: 'pdf' }, /format/],
  [{ service: ['api'] }, /service/],
  [{ start: 'soon', time_range: undefined }, /start is not a time/],
  [{ limit: 0 }, /limit/],
] as const) {
  void test(`refuses ${JSON.stringify(body)}`, async (context) => {
    const response = await exported(context, 'http://127.0.0.1:9', body);
    assert.equal(response.status, 400);
    assert.match(await response.text(), message);
  });
}

void test('a Loki that fails before the first line is an error answer', async (context) => {
  const response = await exported(context, 'http://127.0.0.1:9', {});
  assert.equal(response.status, 502);
  assert.match(await response.text(), /loki_unreachable/);
});

void test('a Loki that fails in the middle cuts the connection, so that a part never looks whole', async (context) => {
  const { loki } = await endlessLoki(context, (pages, response) => {
    if (pages > 3) response.writeHead(400).end('no more');
    else return true;
    return false;
  });
  const service = await testService(context, loki.url, { LOKI_ENTRIES_PER_QUERY: '100' });
  const response = await post(service.url);
  assert.equal(response.status, 200);
  await assert.rejects(response.text());
});

void test('a caller that goes away ends the export, and room for the next is made', async (context) => {
  const { loki, pages } = await endlessLoki(context, () => true);
  const settings = { LOKI_ENTRIES_PER_QUERY: '100', EXPORTS_AT_ONCE_MAX: '1' };
  const service = await testService(context, loki.url, settings);
  const stop = new AbortController();
  const first = await post(service.url, stop.signal);
  const reader = first.body?.getReader();
  await reader?.read();
  const busy = await post(service.url);
  assert.equal(busy.status, 429);
  assert.match(await busy.text(), /EXPORTS_AT_ONCE_MAX/);
  stop.abort();
  let next = await post(service.url);
  while (next.status === 429) next = await post(service.url);
  assert.equal(next.status, 200);
  await next.body?.cancel();
  assert.ok(pages() < 20, `${pages()} pages of a thousand were read for nobody`);
});

/** A Loki whose window never ends: pages of 100 lines, as long as `goesOn`. */
async function endlessLoki(
  context: TestContext,
  goesOn: (pages: number, response: ServerResponse) => boolean,
) {
  let pages = 0;
  let ns = START_NS;
  const loki = await fakeLoki(context, (url, response) => {
    if (url.pathname.endsWith('/stats')) return answerJson(response, { bytes: 1 });
    if (url.pathname.endsWith('/query'))
      return answerJson(response, {
        data: { resultType: 'vector', result: [{ metric: {}, value: [0, '1000000'] }] },
      });
    pages++;
    if (!goesOn(pages, response)) return undefined;
    const values = Array.from({ length: 100 }, () => [`${++ns}`, 'x'.repeat(2_000)]);
    return answerJson(response, {
      data: { resultType: 'streams', result: [{ stream: { service_name: 'api' }, values }] },
    });
  });
  return { loki, pages: () => pages };
}

function post(serviceUrl: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${serviceUrl}/api/v1/ai_logs/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ format: 'ndjson', time_range: '15m', end: END }),
    ...(signal ? { signal } : {}),
  });
}

function readXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
