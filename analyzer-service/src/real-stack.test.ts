import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SCENARIOS, generateSample } from '@sonde/loki-sample';
import { RE2JS } from 're2js';
import { parse } from 'yaml';
import { alloyStages, promtailStages, type Stage } from './testing/collector-config.ts';
import { runPipeline } from './testing/run-pipeline.ts';

// The configuration of the real stack cannot be started here. What can be told without starting it is told here.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = Date.UTC(2026, 5, 1, 10);
const LOW_CARDINALITY_LABELS = ['env', 'level', 'service'];

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

function readYaml(file: string): unknown {
  return parse(read(file), { strict: true, uniqueKeys: true, merge: true });
}

void test('Loki stores structured metadata in tsdb with schema v13, counts volumes and deletes what is too old', () => {
  const { schema_config, limits_config, pattern_ingester, compactor } = readYaml('loki/loki.yaml') as {
    schema_config: { configs: { store: string; schema: string; index: { period: string } }[] };
    limits_config: Record<string, unknown>;
    pattern_ingester: { enabled: boolean };
    compactor: { retention_enabled: boolean; delete_request_store: string };
  };
  for (const { store, schema, index } of schema_config.configs)
    assert.deepEqual(
      { store, schema, period: index.period },
      { store: 'tsdb', schema: 'v13', period: '24h' },
    );
  assert.equal(limits_config['allow_structured_metadata'], true);
  assert.equal(limits_config['volume_enabled'], true);
  assert.equal(limits_config['discover_log_levels'], true);
  assert.match(String(limits_config['retention_period']), /^\d+h$/);
  assert.equal(pattern_ingester.enabled, true);
  assert.equal(compactor.retention_enabled, true);
  assert.equal(compactor.delete_request_store, 'filesystem');
});

void test('Loki gives one query as many lines as the analyzer asks for by default', () => {
  const { limits_config } = readYaml('loki/loki.yaml') as {
    limits_config: { max_entries_limit_per_query: number };
  };
  const wanted = /^LOKI_ENTRIES_PER_QUERY=(\d+)$/m.exec(read('.env.example'))?.[1];
  assert.equal(limits_config.max_entries_limit_per_query, Number(wanted));
});

void test('Promtail and Alloy run the same stages with the same settings', () => {
  const promtail = promtailStages(read('promtail/promtail.yaml'));
  assert.ok(promtail.length > 10);
  assert.deepEqual(alloyStages(read('promtail/config.alloy')), promtail);
});

void test('only labels of few values are sent, everything else as structured metadata', () => {
  const stages = promtailStages(read('promtail/promtail.yaml'));
  const config = readYaml('promtail/promtail.yaml') as {
    scrape_configs: { static_configs: { labels: Record<string, string> }[] }[];
  };
  const scraped = config.scrape_configs.flatMap(({ static_configs }) =>
    static_configs.flatMap(({ labels }) => Object.keys(labels).filter((name) => !name.startsWith('__'))),
  );
  const labels = [...scraped, ...Object.keys(valuesOf(stages, 'labels'))].sort();
  assert.deepEqual(labels, LOW_CARDINALITY_LABELS);
  assert.deepEqual(valuesOf(stages, 'labeldrop'), ['filename']);
  const metadata = Object.keys(valuesOf(stages, 'structured_metadata'));
  for (const name of [
    'correlation_id',
    'trace_id',
    'conversation_id',
    'workspace_id',
    'model',
    'tokens_used',
  ])
    assert.ok(metadata.includes(name), `${name} is structured metadata`);
});

function valuesOf(stages: readonly Stage[], kind: string): Record<string, unknown> {
  return stages.find((stage) => stage.kind === kind)?.settings['values'] as Record<string, unknown>;
}

void test('the pipeline gives every line of the sample its service, level and ids, and joins its stack traces', () => {
  const stages = promtailStages(read('promtail/promtail.yaml'));
  const firstLine = RE2JS.compile(String(stages[0]?.settings['firstline']));
  const range = { startMs: START_MS, endMs: START_MS + 600_000 };
  let idsRead = 0;
  for (const { name } of SCENARIOS) {
    for (const { text, labels, metadata } of generateSample({
      scenario: name,
      seed: 1,
      linesPerSecond: 2,
      ...range,
    })) {
      const { service, level, env } = labels;
      const collected = runPipeline(stages, `/var/log/services/${service}.log`, text);
      assert.deepEqual({ env, ...collected.labels }, { service, level, env }, text);
      const id = collected.metadata['correlation_id'];
      if (id !== undefined) assert.equal(id, metadata['correlation_id']);
      if (id !== undefined) idsRead++;
      const [first = '', ...others] = text.split('\n');
      assert.ok(firstLine.matcher(first).find(), first);
      for (const other of others) assert.ok(!firstLine.matcher(other).find(), other);
    }
  }
  assert.ok(idsRead > 1000);
});

void test('no line can invent a level, move a counter backwards or stop the pipeline', () => {
  const stages = promtailStages(read('promtail/promtail.yaml'));
  const collect = (line: string) => runPipeline(stages, '/var/log/services/api-1.log', line);
  assert.deepEqual(collect('{"level":"owned-42","tokens_used":-5}').labels, {
    service: 'api',
    level: 'unknown',
  });
  assert.equal(collect('{"level":"info","tokens_used":-5}').metadata['tokens_used'], undefined);
  assert.equal(collect('{"level":"info","tokens_used":"12"}').metadata['tokens_used'], '12');
  assert.deepEqual(collect('{"service":"billing","level":50}').labels, {
    service: 'billing',
    level: 'error',
  });
  assert.deepEqual(collect('{"level":"warn", broken').labels, { service: 'api', level: 'unknown' });
  assert.deepEqual(collect('').labels, { service: 'api', level: 'unknown' });
});

void test('promtail.yaml has no dollar sign but those of its variables, which it would expand', () => {
  assert.deepEqual(read('promtail/promtail.yaml').match(/\$(?!\{[A-Z_]+:-)/g), null);
});

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly profiles?: readonly string[];
}

const compose = readYaml('docker-compose.yml') as Compose;
const services = Object.entries(compose.services);

void test('every service is pinned to a version, checks its health and is reached from this machine only', () => {
  assert.deepEqual(services.map(([name]) => name).sort(), [
    'alloy',
    'analyzer',
    'grafana',
    'loki',
    'postgres',
    'promtail',
    'redis',
  ]);
  for (const [name, { image, build, ports = [], healthcheck }] of services) {
    if (image !== undefined) assert.match(image, /:v?\d+\.\d+(\.\d+)?(-alpine)?$/, `${name} is pinned`);
    const checked = healthcheck
      ? healthcheck.test.length > 1
      : /^HEALTHCHECK /m.test(read(build?.dockerfile ?? ''));
    assert.ok(checked, `${name} has a health check`);
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, `${name} is bound to loopback`);
  }
  assert.deepEqual(
    [compose.services['postgres']?.ports, compose.services['redis']?.ports],
    [undefined, undefined],
  );
});

void test('a collector runs only when its profile is asked for', () => {
  assert.deepEqual(
    services.filter(([, { profiles }]) => profiles).map(([name, { profiles }]) => [name, profiles]),
    [
      ['alloy', ['alloy']],
      ['promtail', ['promtail']],
    ],
  );
});

void test('no password has a default, and every variable stands in .env.example', () => {
  const text = read('docker-compose.yml');
  const variables = [...text.matchAll(/\$\{([A-Z_]+)(:[?-])?/g)];
  for (const [whole, name = '', operator] of variables)
    assert.equal(operator, /PASSWORD/.test(name) ? ':?' : ':-', `${whole} of ${name}`);
  for (const [name, { environment = {} }] of services) {
    for (const [key, value] of Object.entries(environment))
      if (/PASSWORD|AUTH$/.test(key)) assert.match(value, /^\$\{[A-Z_]+:\?/, `${key} of ${name}`);
  }
  const example = read('.env.example');
  for (const [, name = ''] of variables) assert.match(example, new RegExp(`^#? ?${name}=`, 'm'));
});

void test('every mounted file exists and every named volume is declared and used', () => {
  const sources = services.flatMap(([, { volumes = [] }]) =>
    volumes.map((volume) => volume.split(':')[0] ?? ''),
  );
  const built = './grafana-plugin/dist';
  assert.ok(sources.includes(built));
  for (const source of sources.filter((source) => source.startsWith('.') && source !== built))
    assert.ok(existsSync(path.join(ROOT, source)), source);
  const named = sources.filter((source) => /^[a-z]/.test(source)).sort();
  assert.deepEqual(named, Object.keys(compose.volumes).sort());
});

void test('the image runs the Node of the lockfile, as nobody special, with nothing that npm ci does not install', () => {
  const dockerfile = read('analyzer-service/Dockerfile');
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
  assert.match(
    dockerfile,
    new RegExp(`^FROM node:${devDependencies['node']?.replaceAll('.', String.raw`\.`)}-`, 'm'),
  );
  assert.match(dockerfile, /^RUN npm ci --omit=dev/m);
  assert.doesNotMatch(dockerfile, /apt-get|curl|wget|npm install/);
  assert.ok(dockerfile.indexOf('\nUSER node\n') < dockerfile.indexOf('\nCMD ['));
  assert.match(dockerfile, /\/api\/v1\/ai_logs\/health/);
  const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
  for (const workspace of workspaces)
    assert.ok(dockerfile.includes(`COPY ${workspace}/package.json`), workspace);
});

void test('Grafana is given Loki and every dashboard', () => {
  const { datasources } = readYaml('dashboards/provisioning/datasources/loki.yaml') as {
    datasources: { uid: string; type: string; url: string }[];
  };
  assert.deepEqual(
    datasources.map(({ uid, type, url }) => [uid, type, url]),
    [['loki', 'loki', '$LOKI_URL']],
  );
  const grafana = compose.services['grafana'];
  assert.equal(grafana?.environment?.['LOKI_URL'], 'http://loki:3100');
  const { providers } = readYaml('dashboards/provisioning/dashboards/sonde.yaml') as {
    providers: { options: { path: string } }[];
  };
  const mount = grafana.volumes?.find((volume) => volume.startsWith('./dashboards:'));
  assert.equal(mount, `./dashboards:${providers[0]?.options.path}:ro`);
  assert.ok(readdirSync(path.join(ROOT, 'dashboards')).some((file) => file.endsWith('.json')));
});
