import assert from 'node:assert/strict';
import { test } from 'node:test';

import { push } from '../../analyzer-service/src/testing/push-lines.ts';
import {
  type Preview,
  assertAccessible,
  assertNoTextCut,
  assertNothingCutOff,
  describePreview,
  screenshot,
} from './preview.ts';

type Page = Awaited<ReturnType<Preview['open']>>;

const DASHBOARD = '/d/troubleshooting';

describePreview("the plugin's panels on a dashboard", { scenario: 'pool-exhaustion' }, (preview) => {
  for (const [theme, width] of [
    ['dark', 1600],
    ['light', 1280],
    ['dark', 800],
  ] as const) {
    test(`show what broke, ${theme}, ${width} pixels wide`, async (context) => {
      const page = await preview.open(context, DASHBOARD, { theme, width, height: 1_200 });
      await panel(page, 'Findings').getByTestId('sonde-finding').first().waitFor();
      await panel(page, 'Service graph').getByTestId('sonde-service-graph').waitFor();
      await panel(page, 'Patterns').getByTestId('sonde-patterns-sum').waitFor();
      await panel(page, 'Live lines').locator('[data-state=live]').waitFor();
      assert.match(await panel(page, 'Findings').innerText(), /payments/);
      await assertNothingCutOff(page);
      await assertNoTextCut(page);
      await assertAccessible(page);
      await screenshot(page, `panels-${theme}-${width}`);
    });
  }

  test('a finding opens to its lines, and the panel leads to the app with the same window', async (context) => {
    const page = await preview.open(context, `${DASHBOARD}?from=now-20m&to=now`);
    const findings = panel(page, 'Findings');
    await findings.getByTestId('sonde-finding').first().getByRole('button').first().click();
    await findings.getByRole('list', { name: 'Lines that show it' }).waitFor();
    await findings.getByRole('link', { name: 'Open in Sonde' }).click();
    await page.waitForURL(/sonde-troubleshoot-app\/troubleshoot\?from=now-20m&to=now/);
    await page.getByTestId('sonde-finding').first().waitFor();
  });

  test('each asks once, however often it is drawn, and again when the dashboard is refreshed', async (context) => {
    const page = await preview.open(context, '/docs');
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.includes('/ai_logs/')) {
        asked.push(pathname.replace(/.*\/ai_logs\//, ''));
      }
    });
    await page.goto(preview.analyzerUrl + DASHBOARD);
    await panel(page, 'Findings').getByTestId('sonde-finding').first().waitFor();
    await panel(page, 'Patterns').getByTestId('sonde-patterns-sum').waitFor();
    await panel(page, 'Service graph').getByTestId('sonde-service-graph').waitFor();
    await page.setViewportSize({ width: 1_500, height: 700 });
    await panel(page, 'Live lines').locator('[data-state=live]').waitFor();
    assert.deepEqual(asked.toSorted(), ['analyze', 'correlate', 'query', 'stream']);
    const again = page.waitForResponse(/ai_logs\/query/);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await again;
    assert.deepEqual(asked.filter((name) => name === 'query' || name === 'stream').toSorted(), [
      'query',
      'query',
      'stream',
    ]);
  });

  test('lines arrive while it is open, as text whatever they hold', async (context) => {
    const page = await preview.open(context, DASHBOARD);
    const live = panel(page, 'Live lines');
    await live.locator('[data-state=live]').waitFor();
    const line = '<img src=x onerror=alert(1)> [link](javascript:alert(1)) a hostile line';
    await push(preview.lokiUrl, 'checkout', [line], 'error');
    await live.getByText(line).first().waitFor();
    assert.equal(await live.locator('img').count(), 0);
  });

  test('a window without lines says so, and what to do', async (context) => {
    const page = await preview.open(context, `${DASHBOARD}?from=now-30d&to=now-29d`);
    await panel(page, 'Findings').getByText('No lines in this window').waitFor();
    await panel(page, 'Patterns').getByText('No lines in this window').waitFor();
    await panel(page, 'Service graph').getByText('No requests in this window').waitFor();
  });

  test('panels of Grafana are named, and not drawn', async (context) => {
    const page = await preview.open(context, '/d/shop');
    await panel(page, 'Lines by level').getByText('Grafana draws this panel (timeseries)').waitFor();
  });
});

describePreview('the panels without a key', { scenario: 'none', withKey: true }, (preview) => {
  test('say what is missing', async (context) => {
    const page = await preview.open(context, DASHBOARD, { complaints: /401/ });
    await panel(page, 'Findings').getByText('The findings could not be read').waitFor();
    await panel(page, 'Patterns').getByText('The patterns could not be read').waitFor();
    await screenshot(page, 'panels-without-key');
  });
});

function panel(page: Page, title: string) {
  return page.getByRole('region', { name: title, exact: true }).first();
}
