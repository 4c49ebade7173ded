import { test } from 'node:test';
import {
  assertAccessible,
  assertNoTextCut,
  assertNothingCutOff,
  describePreview,
  screenshot,
} from './preview.ts';

const WIDTHS = [800, 1280, 1600] as const;
/** Each page, and what shows that it has its content. */
const PAGES = {
  '/a/sonde-troubleshoot-app/troubleshoot': '[data-testid="sonde-finding"]',
  '/a/sonde-troubleshoot-app/live': '[data-testid="sonde-live-state"][data-state="live"]',
  '/a/sonde-troubleshoot-app/patterns': '[data-testid="sonde-patterns-sum"]',
  '/a/sonde-troubleshoot-app/requests': '[data-testid="sonde-service-graph"]',
  '/a/sonde-troubleshoot-app/incidents': 'text=No incidents',
  '/a/sonde-troubleshoot-app/conversations': 'table tbody tr',
  '/plugins/sonde-troubleshoot-app': 'input',
} as const;

describePreview('every page', { scenario: 'model-limits' }, (preview) => {
  for (const [path, content] of Object.entries(PAGES)) {
    for (const theme of ['dark', 'light'] as const) {
      const name =
        path.split('/').at(-1) === 'sonde-troubleshoot-app' ? 'configuration' : path.split('/').at(-1);
      test(`${name} is accessible and whole at every width in the ${theme} theme`, async (context) => {
        const page = await preview.open(context, path, { theme });
        await page.locator(content).first().waitFor();
        await assertAccessible(page);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await assertNothingCutOff(page);
          await assertNoTextCut(page);
          await screenshot(page, `every-${name}-${theme}-${width}`);
        }
      });
    }
  }
});
