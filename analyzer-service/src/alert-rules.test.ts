import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
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

/** Rule → services that fire it when the sample ends. */
async function firing(lokiUrl: string): Promise<Record<string, readonly string[]>> {
  const fired: Record<string, readonly string[]> = {};
  for (const { name, expr } of ruler) {
    const search = new URLSearchParams({ query: expr, time: String(SAMPLE_END_MS / 1000) });
    const response = await fetch(`${lokiUrl}/loki/api/v1/query?${search.toString()}`);
    const text = await response.text();
    assert.equal(response.status, 200, `${name}: ${text}`);
    const { data } = JSON.parse(text) as { data: { result: { metric: Record<string, string> }[] } };
    if (data.result.length > 0)
      fired[name] = data.result.flatMap(({ metric }) => Object.values(metric)).sort();
  }
  return fired;
}

async function firingFor(context: TestContext, scenario: ScenarioName | 'none') {
  const store = await testStore(context);
  await fillStore(store.url, scenario);
  return firing(store.url);
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
    const fired = await firingFor(context, scenario as ScenarioName);
    assert.ok(fired[rule]?.includes(service), JSON.stringify(fired));
  });
}

void test('nothing fires on a healthy shop', async (context) => {
  assert.deepEqual(await firingFor(context, 'none'), {});
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
