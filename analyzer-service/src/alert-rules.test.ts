import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ScenarioName } from '@sonde/loki-sample';
import { parse } from 'yaml';
import { SAMPLE_END_MS, fillStore, testStore } from './testing/test-stack.ts';

// The rules to start with, as Loki's ruler and as Grafana read them: both say the same, and each fires on its fault.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Rule {
  readonly name: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RulerFile {
  readonly groups: readonly {
    readonly rules: readonly (Omit<Rule, 'name'> & { readonly alert: string })[];
  }[];
}

interface GrafanaFile {
  readonly groups: readonly {
    readonly rules: readonly (Omit<Rule, 'name' | 'expr'> & {
      readonly title: string;
      readonly condition: string;
      readonly data: readonly { readonly refId: string; readonly model: { readonly expr?: string } }[];
    })[];
  }[];
}

function readYaml(file: string): unknown {
  return parse(readFileSync(path.join(ROOT, file), 'utf8'), { strict: true, uniqueKeys: true });
}

const ruler = (readYaml('loki/rules/sonde.yaml') as RulerFile).groups
  .flatMap(({ rules }) => rules)
  .map(({ alert, ...rule }): Rule => ({ name: alert, ...rule }));

void test('Grafana and the ruler have the same rules', () => {
  const text = JSON.stringify(readYaml('dashboards/provisioning/alerting/rules.yaml'));
  const { groups } = JSON.parse(text.replaceAll('$$', '$')) as GrafanaFile;
  const grafana = groups
    .flatMap(({ rules }) => rules)
    .map((rule) => {
      const { title, labels, annotations, data } = rule;
      assert.ok(data.some(({ refId }) => refId === rule.condition));
      const expr = data.find(({ model }) => model.expr !== undefined)?.model.expr;
      return { name: title, expr, for: rule.for, labels, annotations };
    });
  assert.deepEqual(grafana, ruler);
});

void test('each rule says what it means, how grave it is, and where to look', () => {
  for (const { name, labels, annotations } of ruler) {
    assert.match(labels['severity'] ?? '', /^(critical|warning)$/, name);
    assert.ok((annotations['description'] ?? '').length > 30, name);
    assert.match(
      annotations['sonde'] ?? '',
      /^\/a\/sonde-troubleshoot-app\/troubleshoot\?from=\S+&to=\S+&services=\{\{ \$labels\.\w+ \}\}$/,
      name,
    );
  }
});

void test('alerts go to Sonde, with a name and a password', () => {
  const { contactPoints } = readYaml('dashboards/provisioning/alerting/contact-points.yaml') as {
    contactPoints: { name: string; receivers: { type: string; settings: Record<string, string> }[] }[];
  };
  const [point] = contactPoints;
  const { url, username, password } = point?.receivers[0]?.settings ?? {};
  assert.deepEqual(
    [point?.receivers[0]?.type, url, username, password],
    ['webhook', '$SONDE_URL/api/v1/alerts/webhook', '$ALERTS_USER', '$ALERTS_PASSWORD'],
  );
  const { policies } = readYaml('dashboards/provisioning/alerting/policies.yaml') as {
    policies: { receiver: string }[];
  };
  assert.deepEqual(
    policies.map(({ receiver }) => receiver),
    [point?.name],
  );
});

/** Rule → services that fire it. */
async function firing(lokiUrl: string, atMs = SAMPLE_END_MS): Promise<Record<string, readonly string[]>> {
  const fired: Record<string, readonly string[]> = {};
  for (const { name, expr } of ruler) {
    const search = new URLSearchParams({ query: expr, time: String(atMs / 1000) });
    const response = await fetch(`${lokiUrl}/loki/api/v1/query?${search.toString()}`);
    const text = await response.text();
    assert.equal(response.status, 200, `${name}: ${text}`);
    const { data } = JSON.parse(text) as { data: { result: { metric: Record<string, string> }[] } };
    if (data.result.length > 0)
      fired[name] = data.result.flatMap(({ metric }) => Object.values(metric)).sort();
  }
  return fired;
}

const EXPECTED: Readonly<Record<string, readonly [rule: string, service: string]>> = {
  'pool-exhaustion': ['ErrorRateRise', 'payments'],
  'bad-deploy': ['ErrorRateRise', 'search'],
  'model-limits': ['ModelRateLimits', 'anythingllm'],
  'disk-full': ['DiskFull', 'database'],
  'login-attack': ['AuthenticationAttack', 'auth'],
  'silent-service': ['SilentService', 'worker'],
};

for (const [scenario, [rule, service]] of Object.entries(EXPECTED)) {
  void test(`${scenario}: ${rule} fires for ${service}`, async (context) => {
    const store = await testStore(context);
    await fillStore(store.url, scenario as ScenarioName);
    const fired = await firing(store.url);
    assert.ok(fired[rule]?.includes(service), JSON.stringify(fired));
  });
}

void test('nothing fires on a healthy shop, in no run of it and at no time', async (context) => {
  for (const seed of [1, 2, 3]) {
    const store = await testStore(context);
    await fillStore(store.url, 'none', seed);
    for (const minutes of [0, 4, 8, 12])
      assert.deepEqual(await firing(store.url, SAMPLE_END_MS - minutes * 60_000), {}, `seed ${seed}`);
  }
});

void test('the rules go by labels that the collectors ship and that Loki makes of them', () => {
  const stages = JSON.stringify(readYaml('promtail/promtail.yaml'));
  assert.match(stages, /"labels":\{"service":null,"level":null\}/);
  const { limits_config: limits } = readYaml('loki/loki.yaml') as {
    limits_config: { discover_service_name: string[]; discover_log_levels: boolean };
  };
  assert.ok(limits.discover_service_name.includes('service') && limits.discover_log_levels);
  const known = ['service_name', 'detected_level', 'kind', 'found_in', 'found_level'];
  for (const { name, expr } of ruler)
    for (const [, label = ''] of expr.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g))
      assert.ok(known.includes(label), `${name}: ${label}`);
});

void test('NewPattern fires on the line that Sonde writes for a new error', async (context) => {
  const store = await testStore(context);
  const line = JSON.stringify({
    found_in: 'payments',
    found_level: 'error',
    pattern: 'card machine on fire',
  });
  const values = [[`${SAMPLE_END_MS - 60_000}000000`, line]];
  const streams = [{ stream: { service_name: 'sonde', kind: 'new_pattern' }, values }];
  await fetch(`${store.url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams }),
  });
  assert.deepEqual(await firing(store.url), { NewPattern: ['payments'] });
});
