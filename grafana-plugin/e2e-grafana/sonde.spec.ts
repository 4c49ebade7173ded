import { test, expect } from '@grafana/plugin-e2e';
import { stack } from './stack.ts';

const PLUGIN_ID = 'sonde-troubleshoot-app';
const DASHBOARD_UID = 'sonde-troubleshooting';
const LINK = 'Find out what broke with Sonde';
const PANELS = ['Findings', 'Live lines', 'Service graph', 'Patterns'] as const;
/** Each page, and the label of what stands on it whether there are lines or none. */
const PAGES = {
  troubleshoot: 'Look for',
  live: 'Highlight',
  patterns: 'Compare with',
  requests: 'Id of a request',
  analyse: 'Paste log lines',
  incidents: 'Which incidents are shown',
  conversations: 'Id of a conversation or a workspace',
} as const;

for (const [path, label] of Object.entries(PAGES)) {
  test(`the page ${path} opens`, async ({ gotoAppPage, page }) => {
    await gotoAppPage({ pluginId: PLUGIN_ID, path: `/${path}` });
    await expect(page.getByLabel(label).first()).toBeVisible();
  });
}

test('the configuration page saves address and key, and its connection test answers', async ({
  gotoAppConfigPage,
  page,
}) => {
  await gotoAppConfigPage({ pluginId: PLUGIN_ID });
  const address = page.getByLabel('Address');
  await expect(address).toBeVisible();
  const url = stack.analyzerUrl || (await address.inputValue());
  await address.fill(url);
  if (stack.analyzerKey !== '') {
    // A key that is set is never shown: it is taken away before another can be entered.
    const reset = page.getByRole('button', { name: 'Reset' });
    if (await reset.isVisible()) {
      await reset.click();
    }
    await page.getByLabel('API key').fill(stack.analyzerKey);
  }
  const saved = page.waitForResponse(
    (response) =>
      response.url().endsWith(`/api/plugins/${PLUGIN_ID}/settings`) && response.request().method() === 'POST',
  );
  // The page loads itself again when Grafana has the settings.
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  expect((await saved).ok()).toBe(true);
  await loaded;
  await expect(address).toHaveValue(url);
  if (stack.analyzerKey !== '') {
    await expect(page.getByRole('button', { name: 'Reset' })).toBeVisible();
  }
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('Connected to Sonde')).toBeVisible();
});

test("live lines come through Grafana's proxy", async ({ gotoAppPage, page }) => {
  await gotoAppPage({ pluginId: PLUGIN_ID, path: '/live' });
  await expect(page.locator('[data-testid="sonde-live-state"][data-state="live"]')).toBeVisible();
});

test.describe('the dashboard', () => {
  // Grafana draws a panel when it comes into view: all four do here.
  test.use({ viewport: { width: 1600, height: 2400 } });

  test('shows the four panels', async ({ gotoDashboardPage, page }) => {
    const dashboard = await gotoDashboardPage({ uid: DASHBOARD_UID });
    for (const title of PANELS) {
      const panel = dashboard.getPanelByTitle(title).locator;
      await expect(panel.getByRole('link', { name: 'Open in Sonde' })).toBeVisible();
      await expect(panel.locator('[aria-busy="true"]')).toHaveCount(0);
      await expect(panel.getByText('could not be read')).toHaveCount(0);
    }
    await expect(page.getByText('plugin not found')).toHaveCount(0);
  });
});

test("a link in Explore's toolbar opens the query's service in Sonde", async ({
  explorePage,
  page,
  selectors,
}) => {
  const loki = { type: 'loki', uid: 'loki' };
  const query = { refId: 'A', datasource: loki, expr: '{service_name="checkout"}' };
  const pane = { datasource: loki.uid, queries: [query], range: { from: 'now-1h', to: 'now' } };
  const queryParams = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify({ one: pane }) });
  await explorePage.goto({ queryParams });
  await explorePage.getByGrafanaSelector(selectors.pages.Explore.toolbar.addTo).click();
  await page.getByRole('menuitem', { name: LINK }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/a/${PLUGIN_ID}/troubleshoot\\?.*services=checkout`));
  await expect(page.getByLabel(PAGES.troubleshoot).first()).toBeVisible();
});

test('axe finds nothing serious on the first page', async ({ gotoAppPage, page, scanForA11yViolations }) => {
  await gotoAppPage({ pluginId: PLUGIN_ID, path: '/troubleshoot' });
  await expect(page.getByLabel(PAGES.troubleshoot).first()).toBeVisible();
  // What stands around it is Grafana's.
  const { violations } = await scanForA11yViolations({ include: 'main' });
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});
