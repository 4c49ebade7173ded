import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { SCENARIOS, generateSample, pushSample } from '../../loki/sample/src/sample.ts';
import { describePreview, screenshot } from './preview.ts';

const HOUR_MS = 3_600_000;
const SCREEN_HEIGHT = 900;
/** Each scenario has an hour of its own, with as long a silence before it. */
const endOf = (index: number, nowMs: number) => nowMs - (2 * index + 1) * HOUR_MS;

describePreview('the first screen', { scenario: 'empty' }, (preview) => {
  const nowMs = Date.now();
  before(async () => {
    for (const [index, { name }] of SCENARIOS.entries()) {
      const endMs = endOf(index, nowMs);
      const hour = { startMs: endMs - HOUR_MS, endMs, linesPerSecond: 8, seed: 1 };
      await pushSample(generateSample({ scenario: name, ...hour }), { url: preview.lokiUrl });
    }
  });

  for (const [index, { name, rootCause }] of SCENARIOS.entries()) {
    test(`names ${rootCause} as the cause of ${name}`, async (context) => {
      const endMs = endOf(index, nowMs);
      const window = `from=${endMs - HOUR_MS / 2}&to=${endMs}`;
      const page = await preview.open(context, `/a/sonde-troubleshoot-app/troubleshoot?${window}`);
      const summary = page.getByTestId('sonde-summary');
      await summary.waitFor();
      await screenshot(page, `scenario-${name}`);
      const { y = Infinity, height = 0 } = (await summary.boundingBox()) ?? {};
      assert.ok(y + height < SCREEN_HEIGHT, 'the summary is within the first screen');
      assert.match(await summary.innerText(), new RegExp(rootCause), 'the summary names it');
      const suspects = await page.getByTestId('sonde-suspects').innerText();
      const first = await page.getByTestId('sonde-finding').first().innerText();
      assert.match(`${suspects.split('\n').slice(0, 3).join(' ')} ${first}`, new RegExp(rootCause));
    });
  }
});
