import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parser } from '@grafana/lezer-logql';
import fc from 'fast-check';
import { type LineFilter, selector } from './selector.ts';

const LABELS = { service: 'service_name', level: 'detected_level' };

const CASES: readonly (readonly [LineFilter, string])[] = [
  [{ ids: {} }, '{service_name=~".+", service_name!="sonde"}'],
  [{ services: ['api', 'a.b'], ids: {} }, String.raw`{service_name=~"api|a\\.b"}`],
  [{ search: 'a"b', ids: {} }, String.raw`{service_name=~".+", service_name!="sonde"} |~ "(?i)a\"b"`],
  [
    { levels: ['error', 'fatal'], ids: {} },
    '{service_name=~".+", service_name!="sonde"} | detected_level=~"error|fatal|critical"',
  ],
  [
    { ids: { correlation_id: 'req-1' } },
    '{service_name=~".+", service_name!="sonde"} | correlation_id="req-1"',
  ],
];

for (const [filter, logql] of CASES) {
  void test(`writes ${logql}`, () => assert.equal(selector(filter, LABELS), logql));
}

void test('whatever a user searches for stays inside its string', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (search, id) => {
      const query = selector({ search, services: [search], ids: { correlation_id: id } }, LABELS);
      const nodes: string[] = [];
      parser.parse(query).iterate({ enter: (node) => void nodes.push(node.name) });
      assert.ok(!nodes.includes('⚠'), query);
      assert.equal(nodes.filter((name) => name === 'Selector').length, 1, query);
    }),
  );
});
