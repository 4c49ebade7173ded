import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Preview,
  assertAccessible,
  assertNothingCutOff,
  describePreview,
  screenshot,
} from './preview.ts';

type Page = Awaited<ReturnType<Preview['open']>>;

const PAGE = '/a/sonde-troubleshoot-app/live';
const HOSTILE = '<img src=x onerror="document.title=\'taken\'"> [click](javascript:alert(1)) =cmd|calc';

describePreview('the live page', { scenario: 'empty' }, (preview) => {
  test('shows lines as they are written, as text and nothing but text', async (context) => {
    const page = await openLive(await preview.open(context, PAGE));
    await push(preview.lokiUrl, [line('payments', 'error', HOSTILE), line('api', 'info', 'all is well')]);
    await page.getByText(HOSTILE).waitFor();
    await page.getByText('all is well').waitFor();
    assert.notEqual(await page.title(), 'taken');
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    await assertNothingCutOff(page);
    await assertAccessible(page);
    await screenshot(page, 'live-dark-1280');
  });

  test('changes its filter while it runs, and keeps it in the URL', async (context) => {
    const page = await openLive(await preview.open(context, PAGE, { theme: 'light', width: 1600 }));
    await page.getByLabel('Services').fill('checkout');
    await page.waitForURL(/services=checkout/);
    await openLive(page);
    await push(preview.lokiUrl, [
      line('search', 'info', 'not asked for'),
      line('checkout', 'info', 'asked for'),
    ]);
    await page.getByText('asked for', { exact: true }).waitFor();
    assert.equal(await page.getByText('not asked for').count(), 0);
    await screenshot(page, 'live-filtered-light-1600');
  });

  test('raises an alert for a pattern, and opens the request of a line', async (context) => {
    const page = await openLive(await preview.open(context, `${PAGE}?contains=out+of+stock`));
    await push(preview.lokiUrl, [line('shop', 'warn', 'sku 17 is out of stock', 'req-17')]);
    await page.getByTestId('sonde-live-alerts').getByText('out of stock').first().waitFor();
    await page.getByRole('log').getByText('sku 17 is out of stock').click();
    await page.getByRole('link', { name: 'Follow its request' }).waitFor();
    await screenshot(page, 'live-alert');
    await page.getByRole('link', { name: 'Follow its request' }).click();
    await page.waitForURL(/requests\?.*id=req-17/);
  });

  test('stands still while paused and says how many lines came', async (context) => {
    const page = await openLive(await preview.open(context, PAGE, { width: 800 }));
    await push(preview.lokiUrl, [line('api', 'info', 'before the pause')]);
    await page.getByText('before the pause').waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await push(preview.lokiUrl, [line('api', 'info', 'during the pause')]);
    await page.getByRole('button', { name: 'Resume (1 new)' }).waitFor();
    assert.equal(await page.getByText('during the pause').count(), 0);
    await assertNothingCutOff(page);
    await page.getByRole('button', { name: 'Resume (1 new)' }).click();
    await page.getByText('during the pause').waitFor();
  });
});

describePreview('the live page, with keys', { scenario: 'empty', withKey: true }, (preview) => {
  test('reads the stream with the key of the settings, which no address holds', async (context) => {
    const page = await preview.open(context, '/plugins/sonde-troubleshoot-app');
    await saveKey(page, preview.viewerKey);
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await page.goto(preview.analyzerUrl + PAGE);
    await openLive(page);
    await push(preview.lokiUrl, [line('api', 'info', 'for those with a key')]);
    await page.getByText('for those with a key').waitFor();
    assert.ok(addresses.some((address) => address.includes('ai_logs/stream')));
    assert.ok(addresses.every((address) => !address.includes(preview.viewerKey)));
  });

  test('says why when the key is not known', async (context) => {
    const page = await preview.open(context, '/plugins/sonde-troubleshoot-app', { complaints: /401/ });
    await saveKey(page, 'sonde_wrong');
    await page.goto(preview.analyzerUrl + PAGE);
    await page.locator('[data-testid="sonde-live-state"][data-state="refused"]').waitFor();
    await page.getByText('This API key is not known here').waitFor();
  });
});

async function saveKey(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await Promise.all([
    page.waitForEvent('load'),
    page.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
}

async function openLive(page: Page): Promise<Page> {
  await page.locator('[data-testid="sonde-live-state"][data-state="live"]').waitFor();
  return page;
}

interface PushedStream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: ReadonlyArray<readonly [string, string, Readonly<Record<string, string>>]>;
}

function line(service: string, level: string, text: string, correlationId?: string): PushedStream {
  const metadata = { level, ...(correlationId ? { correlation_id: correlationId } : {}) };
  return {
    stream: { service_name: service },
    values: [[`${Date.now()}000000`, text, metadata]],
  };
}

async function push(lokiUrl: string, streams: readonly PushedStream[]): Promise<void> {
  const answer = await fetch(`${lokiUrl}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams }),
  });
  assert.equal(answer.status, 204, await answer.text());
}
