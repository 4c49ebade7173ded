import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNothingCutOff, describePreview, screenshot } from './preview.ts';

const PAGE = '/plugins/sonde-troubleshoot-app';

describePreview('the configuration page', { scenario: 'empty' }, (preview) => {
  test('says that the analyzer is there and what it runs on', async (context) => {
    const page = await preview.open(context, PAGE);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    const result = page.getByRole('status').filter({ hasText: 'Connected to Sonde' });
    await result.or(page.getByText('Connected to Sonde')).first().waitFor();
    assert.match(await page.innerText('body'), /database: SQLite/);
    await assertNothingCutOff(page);
    await assertAccessible(page);
    await screenshot(page, 'configuration');
  });

  test('refuses an address that is none', async (context) => {
    const page = await preview.open(context, PAGE, { theme: 'light', width: 800 });
    await page.getByLabel('Address').fill('analyzer:3200');
    await page.getByText('This is no http address').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
    await screenshot(page, 'configuration-bad-address');
  });
});

describePreview(
  'the configuration page, with keys',
  { scenario: 'empty', settings: { API_KEYS_REQUIRED: 'true' } },
  (preview) => {
    test('says that the key is missing', async (context) => {
      const page = await preview.open(context, PAGE, { complaints: /401/ });
      await page.getByRole('button', { name: 'Test the connection' }).click();
      await page.getByText('This takes an API key').waitFor();
      await screenshot(page, 'configuration-no-key');
    });
  },
);
