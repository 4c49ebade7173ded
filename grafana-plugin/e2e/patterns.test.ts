import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertAccessible, assertNothingCutOff, describePreview, screenshot } from './preview.ts';

const PAGE = '/a/sonde-troubleshoot-app/patterns';

describePreview('the patterns page', { scenario: 'pool-exhaustion' }, (preview) => {
  for (const [theme, width] of [
    ['dark', 1280],
    ['light', 800],
  ] as const) {
    test(`lists wordings whose counts add up, ${theme}, ${width} pixels wide`, async (context) => {
      const page = await preview.open(context, PAGE, { theme, width });
      const sum = await page.getByTestId('sonde-patterns-sum').innerText();
      const [, , listed, rest, lines] = numbersIn(sum) as [number, number, number, number, number];
      assert.ok(lines > 1_000, sum);
      assert.equal(listed + rest, lines, sum);
      await page.getByRole('row').filter({ hasText: 'Payment failed' }).getByText('new').waitFor();
      await assertNothingCutOff(page);
      await assertAccessible(page);
      await screenshot(page, `patterns-${theme}-${width}`);
    });
  }

  test('opens to the values that stood in its places', async (context) => {
    const page = await preview.open(context, PAGE);
    const row = page.getByRole('row').filter({ hasText: 'Payment requested' }).first();
    await row.getByRole('button', { name: /expand/i }).click();
    const values = page.getByRole('region', { name: 'Values in its places' });
    await values.getByRole('row', { name: /amount .*least .* median .* most/ }).waitFor();
    await values.getByRole('row', { name: /order .*many different/ }).waitFor();
    await assertNothingCutOff(page);
    await assertAccessible(page);
    await screenshot(page, 'patterns-values');
  });

  test('mutes a pattern, for everybody', async (context) => {
    // The analyzer has not learned this wording yet: the page then keeps it as a pattern of one's own.
    const page = await preview.open(context, PAGE, { complaints: /404/ });
    const row = page.getByRole('row').filter({ hasText: 'Payment failed' });
    await row.getByRole('button', { name: 'Name, pin or mute' }).click();
    await page.getByRole('menuitem', { name: 'Mute', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'Payment failed' }).getByText('muted').first().waitFor();
    await screenshot(page, 'patterns-muted');
  });

  test('exports the list as CSV', async (context) => {
    const page = await preview.open(context, PAGE);
    await page.getByRole('button', { name: 'Export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'CSV' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    assert.match(text, /^pattern,name,service,level,lines,before,change,first_seen,last_seen\r\n/);
    assert.match(text, /Payment failed/);
  });
});

function numbersIn(text: string): number[] {
  return [...text.matchAll(/\d[\d,]*/g)].map(([number]) => Number(number.replaceAll(',', '')));
}
