import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePreview } from './preview.ts';

const APP = '/a/sonde-troubleshoot-app';

describePreview('an address opens the page as it was', { scenario: 'model-limits' }, (preview) => {
  test('troubleshoot: window, mode, services, levels, text and open cards', async (context) => {
    const page = await preview.open(
      context,
      `${APP}/troubleshoot?from=now-20m&to=now&mode=errors&services=gateway,anythingllm&severity=error,warn&open=none`,
    );
    await page.getByTestId('sonde-summary').waitFor();
    await page.getByRole('button', { name: /Last 20 minutes/ }).waitFor();
    assert.equal(await page.getByLabel('Look for').inputValue(), 'Errors');
    for (const chosen of ['gateway', 'error']) {
      await page.getByText(chosen, { exact: true }).first().waitFor();
    }
    assert.equal(await page.locator('[aria-expanded=true][aria-expanded]', { hasText: 'since' }).count(), 0);
    const asked = new URL(page.url()).searchParams;
    assert.deepEqual([asked.get('mode'), asked.get('open')], ['errors', 'none']);
  });

  test('live: filter and highlight', async (context) => {
    const page = await preview.open(context, `${APP}/live?services=api&search=order&highlight=paid`);
    await page.locator('[data-testid=sonde-live-state][data-state=live]').waitFor();
    assert.equal(await page.getByLabel('Services').inputValue(), 'api');
    assert.equal(await page.getByLabel('Highlight').inputValue(), 'paid');
  });

  test('patterns: baseline, services and text', async (context) => {
    const page = await preview.open(
      context,
      `${APP}/patterns?from=now-15m&to=now&baseline=none&services=gateway&search=POST`,
    );
    await page.getByTestId('sonde-patterns-sum').waitFor();
    assert.equal(await page.getByLabel('Compare with').inputValue(), 'nothing');
    assert.equal(await page.getByLabel('Services').inputValue(), 'gateway');
    assert.equal(await page.getByLabel('Contains').inputValue(), 'POST');
    await page.getByRole('button', { name: /Last 15 minutes/ }).waitFor();
  });

  test('conversations: one of them', async (context) => {
    const page = await preview.open(context, `${APP}/conversations?from=now-1h&to=now`);
    await page
      .getByRole('button', { name: /^conv-/ })
      .first()
      .click();
    await page.getByTestId('sonde-conversation').waitFor();
    const { pathname, search } = new URL(page.url());
    const again = await preview.open(context, pathname + search);
    await again.getByTestId('sonde-conversation').waitFor();
    const turns = (one: typeof page) => one.getByTestId('sonde-conversation').getByRole('row').count();
    assert.ok((await turns(page)) > 1);
    assert.equal(await turns(again), await turns(page));
  });

  test('the back button goes where one came from', async (context) => {
    const page = await preview.open(context, `${APP}/patterns?from=now-15m&to=now`);
    await page.getByTestId('sonde-patterns-sum').waitFor();
    await page.getByLabel('Services').fill('gateway');
    await page.getByLabel('Services').press('Enter');
    await page.waitForURL(/services=gateway/);
    await page.goBack();
    await page.waitForURL((url) => !url.searchParams.has('services'));
    assert.equal(await page.getByLabel('Services').inputValue(), '');
  });
});
