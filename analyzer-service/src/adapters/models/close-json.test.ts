import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { closeJson } from './close-json.ts';

const statement = z.strictObject({ text: z.string(), evidence: z.array(z.string()).min(1) });
const form = z.strictObject({ summary: z.array(statement).max(3), next: z.array(statement) });
const schema = z.toJSONSchema(form) as Record<string, unknown>;
const WHOLE =
  '{"summary":[{"text":"a \\"quoted\\" }]","evidence":["F1","F2"]}],"next":[{"text":"b","evidence":["F3"]}]}';

void test('wherever an answer is cut, what is whole stays and the rest is of the form', () => {
  for (let length = 1; length <= WHOLE.length; length++) {
    const closed = closeJson(WHOLE.slice(0, length), schema, form);
    const { summary, next } = form.parse(JSON.parse(closed ?? 'null'));
    assert.ok(summary.length <= 1 && next.length <= 1);
    if (length > WHOLE.indexOf('}],')) assert.equal(summary[0]?.text, 'a "quoted" }]');
  }
});

for (const text of ['', 'nothing', '"a"', '[1', '{"other":1', '{"summary":[1,2'])
  void test(`${text || 'an empty answer'}: nothing but what is of the form`, () => {
    const closed = closeJson(text, schema, form);
    if (closed !== null) assert.deepEqual(JSON.parse(closed), { summary: [], next: [] });
  });
