import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  type Preview,
  assertAccessible,
  assertNothingCutOff,
  describePreview,
  screenshot,
} from './preview.ts';

const APP = '/a/sonde-troubleshoot-app';
const PAGES = ['troubleshoot', 'patterns', 'requests', 'incidents'] as const;
/** What the browser says itself of a call that fails. */
const FAILED_CALL = /Failed to load resource/;
/** No program listens on the port "discard". */
const NO_LOKI = 'http://127.0.0.1:9';

describePreview('pages without an analyzer', { scenario: 'empty' }, (preview) => {
  for (const name of PAGES) {
    test(`${name} says that the analyzer cannot be reached, and where its address is`, async (context) => {
      const page = await openBlank(preview, context);
      await page.route('**/api/plugin-proxy/**', (route) => route.abort('connectionrefused'));
      await page.goto(`${preview.analyzerUrl}${APP}/${name}`);
      const alert = page.getByRole('alert').first();
      await alert.getByText(/The analyzer cannot be reached.*configuration page/).waitFor();
      await alert.getByRole('link', { name: 'Open the configuration' }).waitFor();
      await assertNothingCutOff(page);
      if (name === 'troubleshoot') {
        await assertAccessible(page);
      }
      await screenshot(page, `analyzer-down-${name}`);
    });
  }

  test('"Try again" asks once more, and the page is well again', async (context) => {
    const page = await openBlank(preview, context);
    await page.route('**/api/plugin-proxy/**', (route) => route.abort('connectionrefused'));
    await page.goto(`${preview.analyzerUrl}${APP}/patterns`);
    const retry = page.getByRole('button', { name: 'Try again' });
    await retry.waitFor();
    await page.unroute('**/api/plugin-proxy/**');
    await retry.click();
    await page.getByText('No lines in this window').waitFor();
    assert.equal(await page.getByRole('alert').count(), 0);
  });
});

describePreview(
  'pages with a wrong key',
  { scenario: 'empty', settings: { API_KEYS_REQUIRED: 'true' } },
  (preview) => {
    for (const name of PAGES) {
      test(`${name} says that the key is not known, and how to get one`, async (context) => {
        const page = await openBlank(preview, context);
        await page.evaluate(() => sessionStorage.setItem('sonde.preview.key', 'sonde_nobody_has_this_key'));
        await page.goto(`${preview.analyzerUrl}${APP}/${name}`);
        const alert = page.getByRole('alert').first();
        await alert.getByText(/key/).first().waitFor();
        assert.match(await alert.innerText(), /sonde keys create|configuration/i);
        await screenshot(page, `wrong-key-${name}`);
      });
    }
  },
);

describePreview('pages without Loki', { scenario: 'empty', settings: { LOKI_URL: NO_LOKI } }, (preview) => {
  for (const name of ['troubleshoot', 'patterns', 'requests'] as const) {
    test(`${name} says that Loki does not answer, and what to check`, async (context) => {
      const page = await preview.open(context, `${APP}/${name}`, { complaints: FAILED_CALL });
      const alert = page.getByRole('alert').first();
      await alert.getByText(/Loki/).first().waitFor();
      assert.match(await alert.innerText(), /check|start/i);
      await screenshot(page, `loki-down-${name}`);
    });
  }

  test('the live page says that the stream is not live, and why', async (context) => {
    const page = await preview.open(context, `${APP}/live`, { complaints: FAILED_CALL });
    await page.getByText('The stream is not live').waitFor();
    await screenshot(page, 'loki-down-live');
  });
});

/** A page of the same origin that asks the analyzer for nothing. */
async function openBlank(preview: Preview, context: TestContext) {
  return preview.open(context, '/public/plugins/sonde-troubleshoot-app/plugin.json', {
    complaints: FAILED_CALL,
  });
}
