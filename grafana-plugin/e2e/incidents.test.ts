import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { eventually } from '../../analyzer-service/src/testing/test-access.ts';
import { assertAccessible, assertNothingCutOff, describePreview, screenshot } from './preview.ts';

const PAGE = '/a/sonde-troubleshoot-app/incidents';
/** The fault of the sample begins about 17 minutes before its end. */
const ALERT_BEFORE_NOW_MS = 15 * 60_000;

describePreview('the incidents page', { scenario: 'pool-exhaustion' }, (preview) => {
  before(async () => {
    const alert = {
      status: 'firing',
      labels: { alertname: 'Checkout fails', service_name: 'payments' },
      annotations: {},
      startsAt: new Date(Date.now() - ALERT_BEFORE_NOW_MS).toISOString(),
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: 'checkout',
    };
    const answer = await fetch(`${preview.analyzerUrl}/api/v1/alerts/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version: '4', status: 'firing', alerts: [alert] }),
    });
    assert.equal(answer.status, 202);
    await eventually(async () => {
      const list = await fetch(`${preview.analyzerUrl}/api/v1/incidents`);
      const { incidents } = (await list.json()) as { incidents: ReadonlyArray<{ analysis: string }> };
      return incidents[0]?.analysis === 'done';
    });
  });

  test('opens an incident with its cause, its lines and its alert', async (context) => {
    const page = await preview.open(context, PAGE);
    await page.getByRole('button', { name: /payments/ }).click();
    await page.waitForURL(/[?&]id=/);
    await page.getByText('Checkout fails').first().waitFor();
    await page.getByRole('list', { name: 'Lines that prove it' }).first().waitFor();
    await assertNothingCutOff(page);
    await assertAccessible(page);
    await screenshot(page, 'incidents-one');
  });

  test('keeps that somebody looks at it, and what the cause was', async (context) => {
    const page = await preview.open(context, PAGE, { theme: 'light', width: 800 });
    await page.getByRole('button', { name: /payments/ }).click();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('acknowledged', { exact: true }).first().waitFor();
    await page.getByLabel('True cause, if you know it').fill('a leak in the pool');
    const saved = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
    await page.getByRole('button', { name: 'It is wrong' }).click();
    assert.equal((await saved).status(), 200);
    await page.reload();
    assert.equal(await page.getByLabel('True cause, if you know it').inputValue(), 'a leak in the pool');
    await assertNothingCutOff(page);
    await screenshot(page, 'incidents-feedback-light-800');
  });
});
