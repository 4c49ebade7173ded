import { type AppConfigPage, type AppPage, test as base, expect } from '@grafana/plugin-e2e';

const PLUGIN_ID = 'sonde-troubleshoot-app';
const DASHBOARD_UID = 'sonde-troubleshooting';
/** Each page, and what stands on it whether there are lines or none. */
const PAGES = [
  ['troubleshoot', 'Look for'],
  ['live', 'Highlight'],
  ['patterns', 'Compare with'],
  ['requests', 'Id of a request'],
  ['analyse', 'Paste log lines'],
] as const;

const test = base.extend<{ configPage: AppConfigPage; sonde: AppPage }>({
  configPage: async ({ gotoAppConfigPage }, use) => {
    await use(await gotoAppConfigPage({ pluginId: PLUGIN_ID }));
  },
  sonde: async ({ gotoAppPage }, use) => {
    await use(await gotoAppPage({ pluginId: PLUGIN_ID }));
  },
});

for (const [page, label] of PAGES) {
  test(`the page ${page} opens`, async ({ sonde, page: browser }) => {
    await sonde.goto({ path: `/${page}` });
    await expect(browser.getByLabel(label)).toBeVisible();
  });
}

test("Grafana's proxy reaches the analyzer, with the address and key that it keeps", async ({
  configPage,
  page,
}) => {
  await page.getByRole('button', { name: 'Test the connection' }).click();
  await expect(page.getByText('Connected to Sonde')).toBeVisible();
  const saved = configPage.waitForSettingsResponse();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  expect((await saved).ok()).toBe(true);
});

test("live lines come through Grafana's proxy", async ({ sonde, page }) => {
  await sonde.goto({ path: '/live' });
  await expect(page.locator('[data-testid="sonde-live-state"][data-state="live"]')).toBeVisible();
});

test('a dashboard shows the four panels', async ({ gotoDashboardPage, page }) => {
  await gotoDashboardPage({ uid: DASHBOARD_UID });
  for (const title of ['Findings', 'Live lines', 'Service graph', 'Patterns']) {
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
  }
  await expect(page.getByText('Plugin not found')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Open in Sonde' })).toHaveCount(4);
});

test('Explore leads to Sonde', async ({ explorePage, page }) => {
  await explorePage.goto();
  await expect(page.getByRole('button', { name: 'Find out what broke with Sonde' })).toBeVisible();
});

test('axe finds nothing serious on the first page', async ({ sonde, scanForA11yViolations }) => {
  await sonde.goto({ path: '/troubleshoot' });
  const { violations } = await scanForA11yViolations();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});
