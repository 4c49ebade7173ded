import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parser } from '@grafana/lezer-logql';
import { SAMPLE_END_MS, fillStore, testStore } from './testing/test-stack.ts';

const FOLDER = new URL('../../dashboards/', import.meta.url);
const PANELS = new URL('../../grafana-plugin/src/panels/', import.meta.url);
const CORE_PANELS = ['stat', 'timeseries', 'logs'];

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr?: string }[] };
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  /** Panels of the plugin ask the analyzer, and have none. */
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

const dashboards = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Dashboard);

/** The query as Grafana sends it, with every variable at "All". */
function sentQuery(expression: string): string {
  return expression
    .replaceAll('"$env"', '".+"')
    .replaceAll('"$service"', '".+"')
    .replaceAll('"$level"', '".+"')
    .replaceAll('$search', '')
    .replaceAll(/\$__(?:auto|range|interval)/g, '5m');
}

const queries = dashboards.flatMap(({ panels, annotations }) => [
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ title, query: sentQuery(expr) })),
  ),
  ...annotations.list.flatMap(({ expr }) => (expr ? [{ title: 'annotation', query: sentQuery(expr) }] : [])),
]);

void test('every query of the dashboards is LogQL, and selects by labels of few values only', () => {
  assert.ok(queries.length >= 10);
  const strict = parser.configure({ strict: true });
  for (const { title, query } of queries) {
    assert.doesNotMatch(query, /\$/, `${title}: ${query}`);
    assert.doesNotThrow(() => strict.parse(query), `${title}: ${query}`);
    for (const [, selector = ''] of query.matchAll(/\{([^}]*)\}/g))
      for (const [, label = ''] of selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g))
        assert.ok(['env', 'level', 'service'].includes(label), `${title}: ${label}`);
  }
});

void test('the dashboard shows volume by level, error share, request time, model tokens and the lines', () => {
  const titles = dashboards.flatMap(({ panels }) => panels.map(({ title }) => title));
  for (const title of [
    'Lines by level',
    'Error share by service',
    'Request time at the gateway',
    'Model tokens',
    'Lines',
  ])
    assert.ok(titles.includes(title), title);
});

void test('panels have their own id and place, say what they show and use the data source that is chosen', () => {
  for (const { panels, templating } of dashboards) {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    assert.equal(templating.list.find(({ type }) => type === 'datasource')?.name, 'datasource');
    const taken = new Set<string>();
    for (const { title, description, gridPos, targets = [] } of panels) {
      assert.ok(description.length > 0, title);
      for (const { datasource } of targets) assert.equal(datasource.uid, '${datasource}', title);
      assert.ok(gridPos.x + gridPos.w <= 24, title);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.ok(!taken.has(`${x} ${y}`), `${title} overlaps`);
          taken.add(`${x} ${y}`);
        }
      }
    }
  }
});

void test('each panel is one of Grafana or one that the plugin brings, and every panel of the plugin is used', () => {
  const used = new Set(dashboards.flatMap(({ panels }) => panels.map(({ type }) => type)));
  const own = readdirSync(PANELS).map((folder) => pluginJson(folder).id);
  for (const type of used) assert.ok(own.includes(type) || CORE_PANELS.includes(type), type);
  for (const id of own) assert.ok(used.has(id), id);
});

function pluginJson(folder: string): { readonly id: string } {
  return JSON.parse(readFileSync(new URL(`${folder}/plugin.json`, PANELS), 'utf8')) as {
    readonly id: string;
  };
}

void test('on the sample every query answers with data', async (context) => {
  const { url } = await testStore(context);
  await fillStore(url, 'model-limits', 1, 30);
  for (const { title, query } of queries) {
    const search = new URLSearchParams({
      query,
      start: `${SAMPLE_END_MS - 1_800_000}000000`,
      end: `${SAMPLE_END_MS}000000`,
      step: '60',
    });
    const response = await fetch(`${url}/loki/api/v1/query_range?${search.toString()}`);
    const text = await response.text();
    assert.equal(response.status, 200, `${title}: ${query}: ${text}`);
    const { data } = JSON.parse(text) as { data: { result: readonly unknown[] } };
    assert.ok(data.result.length > 0, `${title} shows nothing: ${query}`);
  }
});
