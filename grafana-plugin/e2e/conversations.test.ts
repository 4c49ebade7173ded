import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNothingCutOff, describePreview, screenshot } from './preview.ts';

const PAGE = '/a/sonde-troubleshoot-app/conversations';

describePreview('the conversations page', { scenario: 'model-limits' }, (preview) => {
  test('opens a conversation with its turns, and one of its requests', async (context) => {
    const page = await preview.open(context, `${PAGE}?from=now-1h&to=now`);
    const first = page.getByRole('button', { name: /^conv-/ }).first();
    await first.waitFor();
    await assertNothingCutOff(page);
    await assertAccessible(page);
    await screenshot(page, 'conversations');
    await first.click();
    await page.getByRole('columnheader', { name: 'Tokens in / out' }).waitFor();
    await screenshot(page, 'conversations-one');
    await page.getByRole('button', { name: /^req-/ }).first().click();
    await page.getByTestId('sonde-waterfall').waitFor();
    assert.match(page.url(), /requests\?/);
  });

  test('shows what a workspace used, by model and by day', async (context) => {
    const page = await preview.open(context, `${PAGE}?from=now-1h&to=now&workspace=ws-legal`, {
      theme: 'light',
      width: 800,
    });
    await page.getByRole('heading', { name: 'By model' }).waitFor();
    await page.getByRole('heading', { name: 'By day (UTC)' }).waitFor();
    await assertNothingCutOff(page);
    await screenshot(page, 'conversations-workspace');
  });
});
