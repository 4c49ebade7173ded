import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../errors.ts';
import { servicesOfQuery } from './named-services.ts';
import { readAlerts } from './read-alerts.ts';

const RECEIVED_MS = Date.UTC(2026, 10, 20, 12);
const options = {
  receivedMs: RECEIVED_MS,
  alertsMax: 100,
  serviceLabel: 'service_name',
  secrets: ['hunter2222'],
};
const read = (payload: unknown) => readAlerts(JSON.stringify(payload), options);
const alertOf = (alert: object) => {
  const [first] = read({ alerts: [alert] }).alerts;
  assert.ok(first);
  return first;
};

void test('an alert of Grafana names its panel, its start, and no end while it fires', () => {
  const alert = alertOf({
    status: 'firing',
    labels: { alertname: 'Error rate', service_name: 'api', grafana_folder: 'Sonde' },
    annotations: { summary: 'Errors rise', __dashboardUid__: 'shop', __panelId__: '4' },
    startsAt: '2026-11-20T11:58:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'https://grafana.example.org/alerting/grafana/abc/view',
    fingerprint: 'c0ffee',
    values: { B: 22, C: 1 },
  });
  assert.deepEqual(
    [alert.name, alert.state, alert.services, alert.dashboardUid, alert.panelId, alert.endsMs],
    ['Error rate', 'firing', ['api'], 'shop', 4, null],
  );
  assert.equal(alert.id, `c0ffee ${Date.parse('2026-11-20T11:58:00Z')}`);
});

void test('the panel is also read from the addresses that Grafana sends', () => {
  const base = 'https://grafana.example.org/d/shop-uid/shop';
  const alert = alertOf({ dashboardURL: base, panelURL: `${base}?orgId=1&viewPanel=panel-7` });
  assert.deepEqual([alert.dashboardUid, alert.panelId], ['shop-uid', 7]);
});

void test('services come from labels, annotations and the LogQL of the rule', () => {
  const expression = 'sum(rate({service_name=~"api|payments"} |= "error" [5m])) > 1';
  const alert = alertOf({
    labels: { alertname: 'x', app: 'gateway' },
    annotations: { services: 'search, auth', logql: '{service="worker"}' },
    generatorURL: `http://prometheus:9090/graph?g0.expr=${encodeURIComponent(expression)}`,
  });
  assert.deepEqual(alert.services, ['gateway', 'search', 'auth', 'worker', 'api', 'payments']);
});

void test('LogQL names services by = and by plain alternatives, and by nothing else', () => {
  for (const [query, wanted] of [
    ['{app="a"}', ['a']],
    ['sum by (app) (rate({app=~"a|b-c"}[5m])) / sum(rate({app="d"}[5m]))', ['a', 'b-c', 'd']],
    ['{app=~".+"}', []],
    ['{app!="a", env="prod"}', []],
    ['{app="a', []],
    ['up == 0', []],
  ] as const)
    assert.deepEqual(servicesOfQuery(query, ['app']), wanted, query);
});

void test('what is missing or odd is read in part', () => {
  const bare = alertOf({});
  assert.deepEqual(
    [bare.state, bare.name, bare.services, bare.startsMs],
    ['firing', 'Alert without a name', [], RECEIVED_MS],
  );
  assert.equal(bare.fingerprint, alertOf({ labels: {} }).fingerprint);
  const odd = alertOf({ labels: ['x'], annotations: null, startsAt: 'soon', fingerprint: 7, unknown: {} });
  assert.deepEqual([odd.labels, odd.annotations], [{}, {}]);
  const numbers = alertOf({ labels: { port: 80, nested: { a: 1 } } });
  assert.deepEqual(numbers.labels, { port: '80' });
  assert.equal(alertOf({ generatorURL: 'javascript:alert(1)' }).ruleUrl, null);
});

void test('what a sender left out, and what is too much, is told', () => {
  const alerts = Array.from({ length: 120 }, (_, index) => ({ fingerprint: `${index}` }));
  const received = read({ alerts, truncatedAlerts: 3 });
  assert.deepEqual([received.alerts.length, received.leftOut], [100, 23]);
});

void test('common labels and the state of the group hold for alerts without their own', () => {
  const { alerts } = read({
    status: 'resolved',
    commonLabels: { service: 'api' },
    alerts: [{ fingerprint: 'a' }],
  });
  assert.deepEqual(
    [alerts[0]?.state, alerts[0]?.services, alerts[0]?.endsMs],
    ['resolved', ['api'], RECEIVED_MS],
  );
});

void test('secrets do not get in', () => {
  const { annotations } = alertOf({
    annotations: { description: 'password=abcdefgh12 hunter2222 https://hooks.slack.com/services/T0/B0/abc' },
  });
  assert.doesNotMatch(annotations.description ?? '', /abcdefgh12|hunter2222|hooks\.slack/);
});

void test('what is no payload is refused with a sentence', () => {
  for (const body of ['', '[]', '{}', '{"alerts":{}}', 'null', '{'])
    assert.throws(
      () => readAlerts(body, options),
      (error) => error instanceof AppError && error.code === 'invalid_request',
    );
});
