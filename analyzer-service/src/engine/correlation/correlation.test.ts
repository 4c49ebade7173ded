import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeGrid } from '../anomalies/time-grid.ts';
import type { Level, LogLine } from '../log-line.ts';
import { followRequests } from './follow-requests.ts';
import { namedCallee } from './named-callee.ts';
import { RequestStore } from './request-store.ts';
import { dependencyPath, entryService, summarizeGraph } from './service-graph.ts';
import { stepsThrough } from './unusual-requests.ts';

/** Texts are their own templates here: what is tested starts after the miner. */
type Written = readonly [offsetMs: number, service: string, text: string, level?: Level];

const WINDOW = { startMs: 1_000_000, endMs: 1_600_000 };
const BASELINE = { startMs: 400_000, endMs: 1_000_000 };

/** Follows `count` requests in the baseline and as many in the window. */
function follow(count: number, request: (index: number, inWindow: boolean) => readonly Written[]) {
  const texts: string[] = [];
  const store = new RequestStore(10_000, 100_000);
  for (const inWindow of [false, true]) {
    const { startMs } = inWindow ? WINDOW : BASELINE;
    for (let index = 0; index < count; index += 1) {
      for (const [offsetMs, service, text, level = 'info'] of request(index, inWindow)) {
        const timeMs = startMs + 10_000 + index * 5000 + offsetMs;
        const fields = { correlation_id: `${inWindow ? 'now' : 'before'}-${index}` };
        const line: LogLine = {
          timestampNs: `${timeMs * 1e6}`,
          timeMs,
          service,
          level,
          text,
          fields,
          weight: 1,
        };
        if (!texts.includes(text)) texts.push(text);
        store.add(line, texts.indexOf(text));
      }
    }
  }
  const turns = followRequests({
    grid: new TimeGrid(WINDOW, [BASELINE]),
    store,
    templateOf: (handle) => ({ id: String(handle), text: texts[handle] ?? '' }),
    stepsMax: 10_000,
  });
  for (;;) {
    const turn = turns.next();
    if (turn.done === true) return turn.value;
  }
}

const checkout = (failed: boolean, slowMs = 0, skewMs = 0): Written[] => [
  [0, 'api', 'received'],
  [10 + slowMs + skewMs, 'payments', 'charging'],
  [15 + slowMs + skewMs, 'payments', failed ? 'card machine on fire' : 'charged', failed ? 'error' : 'info'],
  [30 + 2 * slowMs, 'api', failed ? 'order failed' : 'order placed', failed ? 'error' : 'info'],
];

void test('a request breaks where it first leaves its usual way, not where the caller complains', () => {
  const { analysis } = follow(40, (index, inWindow) => checkout(inWindow && index >= 20));
  const first = analysis.breaks.toSorted((a, b) => b.count.first - a.count.first)[0];
  assert.equal(first?.service, 'payments');
  assert.equal(first?.count.first, 20);
  assert.equal(analysis.brokeAt('now-30'), 'payments');
  assert.equal(analysis.brokeAt('now-3'), null);
  assert.equal(analysis.brokeAt('before-30'), null);
});

void test('requests that all go their usual way break nowhere', () => {
  const { analysis } = follow(40, (index) => checkout(index % 10 === 0));
  assert.deepEqual(analysis.breaks, []);
});

void test('a callee that nobody reaches any more is blamed although its caller writes last', () => {
  const { analysis } = follow(40, (index, inWindow) =>
    checkout(false).filter(([, service]) => service === 'api' || !inWindow || index < 20),
  );
  assert.equal(analysis.breaks[0]?.service, 'payments');
});

void test('a callee that others still reach is not blamed', () => {
  const { analysis } = follow(60, (index, inWindow) =>
    index % 3 === 0
      ? [
          [0, 'shop', 'opened'],
          [5, 'payments', 'charging'],
          [9, 'payments', 'charged'],
        ]
      : checkout(false).filter(([, service]) => service === 'api' || !inWindow || index < 30),
  );
  assert.equal(analysis.breaks[0]?.service, 'api');
});

void test('a slow service is the one to which all calls are slow', () => {
  const { analysis } = follow(40, (_index, inWindow) => [
    ...checkout(false, inWindow ? 400 : 0),
    [1000, 'api', 'asking for stock'],
    [1003, 'stock', 'counted'],
    [1006, 'api', 'stock known'],
  ]);
  assert.equal(analysis.delays[0]?.service, 'payments');
  assert.equal(analysis.delays[0]?.role, 'called');
});

void test('gaps that stay as they were blame nobody', () => {
  const { analysis } = follow(40, (index) => checkout(false, index % 7));
  assert.deepEqual(analysis.delays, []);
});

void test('a clock that runs behind is noticed and put right', () => {
  const { clockSkews, paths } = follow(40, () => checkout(false, 0, -500));
  assert.deepEqual(
    clockSkews.map(({ service, correctionMs }) => [service, Math.round(correctionMs / 10) * 10]),
    [['payments', 500]],
  );
  assert.deepEqual(
    paths[0]?.events.map(({ line }) => line.service),
    ['api', 'payments', 'payments', 'api'],
  );
});

void test('work that goes on after the answer is no clock', () => {
  const { clockSkews } = follow(40, (index) => [
    ...checkout(false),
    [60 + index * 37, 'mailer', 'writing receipt'],
    [70 + index * 41, 'mailer', 'receipt sent'],
  ]);
  assert.deepEqual(clockSkews, []);
});

void test('the graph knows who calls whom, how long and how badly', () => {
  const { graph } = follow(40, (index, inWindow) => checkout(inWindow && index % 4 === 0));
  const { calls, services, bottlenecks } = summarizeGraph(graph);
  assert.equal(calls.length, 1);
  assert.equal(calls[0]?.caller, 'api');
  assert.equal(calls[0]?.callee, 'payments');
  assert.equal(calls[0]?.calls, 40);
  assert.equal(calls[0]?.errorShare, 0.25);
  assert.ok(Math.abs((calls[0]?.medianMs ?? 0) - 30) < 2);
  assert.deepEqual(
    services.map(({ service, failedRequests }) => [service, failedRequests]),
    [
      ['api', 10],
      ['payments', 10],
    ],
  );
  assert.equal(bottlenecks[0]?.service, 'payments');
  assert.equal(entryService(graph), 'api');
  assert.deepEqual(dependencyPath(graph, 'api', 'payments'), ['api', 'payments']);
  assert.equal(dependencyPath(graph, 'payments', 'api'), null);
});

void test('the stays of a request follow each other with their gaps', () => {
  const { paths } = follow(1, () => checkout(false));
  const [path] = paths;
  assert.ok(path);
  assert.deepEqual(
    stepsThrough(path).map(({ service, selfMs, gapBeforeMs, lines }) => [
      service,
      selfMs,
      gapBeforeMs,
      lines,
    ]),
    [
      ['api', 0, 0, 1],
      ['payments', 5, 10, 2],
      ['api', 0, 15, 1],
    ],
  );
});

const NAMED: readonly [text: string, callee: string | null][] = [
  ['call to payments timed out', 'payments'],
  ['{"msg":"search answered with an error","upstream":"search"}', 'search'],
  ['No instances available for payments', 'payments'],
  ['GET http://search:8080/q: connection refused', 'search'],
  ['the payments page was opened', null],
  ['repayments to research', null],
  ['call to api failed', null],
];
for (const [text, callee] of NAMED) {
  void test(`"${text}" names ${callee ?? 'no callee'}`, () => {
    assert.equal(namedCallee(text, 'api', ['api', 'payments', 'search']), callee);
  });
}

void test('a caller that only passes on what its callee answered is not blamed', () => {
  const login = (refused: boolean): Written[] => [
    [0, 'api', 'received'],
    [5, 'database', 'SELECT password'],
    [60, 'auth', refused ? 'login failed' : 'login succeeded', refused ? 'warn' : 'info'],
    [62, 'api', refused ? 'request rejected' : 'completed', refused ? 'warn' : 'info'],
  ];
  const browse: Written[] = [
    [0, 'api', 'received'],
    [8, 'search', 'query parsed'],
    [12, 'api', 'completed'],
  ];
  const { analysis } = follow(60, (index, inWindow) => {
    if (inWindow && index > 20) return index % 4 > 0 ? login(true) : browse;
    return index % 8 === 0 ? login(index % 24 === 0) : browse;
  });
  assert.deepEqual(
    analysis.breaks.filter(({ count }) => count.first > 0).map(({ service }) => service),
    ['auth'],
  );
});
