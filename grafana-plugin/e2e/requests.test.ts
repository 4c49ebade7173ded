import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNothingCutOff, describePreview, screenshot } from './preview.ts';

const PAGE = '/a/sonde-troubleshoot-app/requests';

describePreview('the requests page', { scenario: 'pool-exhaustion' }, (preview) => {
  for (const [theme, width] of [
    ['dark', 1280],
    ['light', 1600],
    ['dark', 800],
  ] as const) {
    test(`draws the service graph, ${theme}, ${width} pixels wide`, async (context) => {
      const page = await preview.open(context, PAGE, { theme, width });
      const graph = page.getByTestId('sonde-service-graph');
      await graph.getByText('payments', { exact: true }).waitFor();
      await page.getByRole('heading', { name: 'Where requests broke first' }).waitFor();
      assert.equal(await page.getByRole('row').filter({ hasText: 'gateway' }).first().isVisible(), true);
      await assertNothingCutOff(page);
      await assertAccessible(page);
      await screenshot(page, `requests-graph-${theme}-${width}`);
    });
  }

  test('follows one request from the graph to its lines, and back by the browser', async (context) => {
    const page = await preview.open(context, PAGE);
    await page.getByRole('button', { name: 'Show one' }).first().click();
    await page.getByTestId('sonde-waterfall').getByText('gateway').waitFor();
    assert.match(page.url(), /[?&]id=req-/);
    const lines = page.getByRole('list', { name: 'Lines of this request' }).getByRole('listitem');
    assert.ok((await lines.count()) > 0);
    await assertAccessible(page);
    await screenshot(page, 'requests-one');
    await page.goBack();
    await page.getByTestId('sonde-service-graph').waitFor();
  });

  test('says how to find a request that is not there', async (context) => {
    const page = await preview.open(context, `${PAGE}?id=req-nowhere`, { complaints: /404/ });
    await page.getByText('The requests could not be read').waitFor();
    await screenshot(page, 'requests-not-found');
  });
});

describePreview('the requests page without logs', { scenario: 'empty' }, (preview) => {
  test('says that there are no requests and what to do', async (context) => {
    const page = await preview.open(context, PAGE);
    await page.getByText('No requests in this window').waitFor();
    await screenshot(page, 'requests-empty');
  });
});
