import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { test } from 'node:test';
import { TemplateMiner } from './template-miner.ts';

/** Lines made of what logs are made of, and of anything else. */
const word = fc.constantFrom(
  'order',
  'user',
  'alice',
  'bob',
  'carol',
  'paid',
  'failed',
  'ssh2',
  'a.b.C',
  'level=info',
  'INFO',
);
const value = fc.oneof(
  fc.integer().map(String),
  fc.ipV4(),
  fc.ipV6(),
  fc.uuid(),
  fc.constantFrom(
    '12ms',
    '/var/log/x',
    'http://a/b',
    '"x y"',
    '0x1f',
    'k=',
    '{"msg":"x 1","a":[1]}',
    '[',
    '2026-01-01 10:00:00',
  ),
);
const line = fc.oneof(
  fc.array(fc.oneof(word, value), { maxLength: 12 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.json(),
);
const lines = fc.array(line, { maxLength: 60 });

function summary(miner: TemplateMiner): unknown {
  const templates = miner.templates().map(({ id, text, count }) => `${id} ${count} ${text}`);
  return { templates: templates.sort(), rest: miner.restCount, lines: miner.lineCount };
}

function mined(texts: readonly string[], limits = {}): TemplateMiner {
  const miner = new TemplateMiner(limits);
  for (const text of texts) miner.add(text);
  return miner;
}

void test('any lines are counted exactly, also when hardly any wording may be kept', () => {
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 20 }), (texts, wordingsMax) => {
      const miner = mined(texts, { wordingsMax, shapesMax: 8, lineBytesMax: 40 });
      const counted = miner.templates().reduce((sum, template) => sum + template.count, 0);
      assert.equal(counted + miner.restCount, texts.length);
      assert.equal(miner.lineCount, texts.length);
    }),
  );
});

void test('any bytes are counted as the lines between their line feeds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const miner = new TemplateMiner({ lineBytesMax: 30 });
      miner.addLines(bytes);
      const feeds = bytes.filter((byte) => byte === 10).length;
      assert.equal(miner.lineCount, feeds + (bytes.length > 0 && bytes.at(-1) !== 10 ? 1 : 0));
    }),
  );
});

void test('the order of the lines does not change the templates', () => {
  fc.assert(
    fc.property(lines, (texts) => {
      assert.deepEqual(summary(mined(texts)), summary(mined(texts.toReversed())));
    }),
  );
});

void test('lines added one by one or as one text give the same', () => {
  fc.assert(
    fc.property(lines, (texts) => {
      const single = texts.map((text) => text.replace(/\n/g, ' ').replace(/\p{Surrogate}/gu, '?'));
      const whole = new TemplateMiner();
      whole.addLines(new TextEncoder().encode(single.map((text) => `${text}\n`).join('')));
      assert.deepEqual(whole.save(), mined(single).save());
    }),
  );
});

void test('saving and loading through JSON changes nothing', () => {
  fc.assert(
    fc.property(lines, (texts) => {
      const miner = mined(texts);
      miner.pin('named', 'order <number> paid');
      const saved: unknown = JSON.parse(JSON.stringify(miner.save()));
      const loaded = TemplateMiner.load(saved);
      assert.deepEqual(loaded.save(), miner.save());
      assert.deepEqual(summary(loaded), summary(miner));
    }),
  );
});

void test('parts merged in any order give the templates of the whole', () => {
  fc.assert(
    fc.property(lines, lines, (first, second) => {
      const whole = summary(mined([...first, ...second]));
      const merged = mined(first);
      merged.merge(mined(second).save());
      assert.deepEqual(summary(merged), whole);
      const swapped = mined(second);
      swapped.merge(mined(first).save());
      assert.deepEqual(summary(swapped), whole);
    }),
  );
});

void test('other digits of the same length give the same template', () => {
  const digits = (text: string, digit: string): string =>
    text.replace(/\d+/g, (run) => digit.repeat(run.length));
  fc.assert(
    fc.property(line, (text) => {
      const single = text.replace(/\n/g, ' ');
      const miner = new TemplateMiner();
      const [one, two] = [digits(single, '1'), digits(single, '2')].map((changed) => miner.add(changed));
      assert.equal(miner.resolve(one!).id, miner.resolve(two!).id);
    }),
  );
});

void test('what no miner saved is refused', () => {
  for (const saved of [
    null,
    {},
    { version: 2, wordings: [], pinned: [] },
    {
      version: 1,
      restCount: 0,
      wordings: [{ keys: ['a'], kinds: [], texts: [], spacing: [], parameters: [], count: 1 }],
      pinned: [],
    },
  ]) {
    assert.throws(() => TemplateMiner.load(saved), /mine the logs again/);
  }
});
