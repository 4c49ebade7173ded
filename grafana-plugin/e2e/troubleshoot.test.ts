import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNothingCutOff, describePreview, screenshot } from './preview.ts';

const SUMMARY = 'sonde-summary';
const FINDING = 'sonde-finding';

describePreview('the troubleshooting page', { scenario: 'pool-exhaustion' }, (preview) => {
  test('the cause of the sample is on the first screen without a click', async (context) => {
    const page = await preview.open(context, '/');
    const summary = page.getByTestId(SUMMARY);
    await summary.waitFor();
    assert.match(await summary.innerText(), /payments/);
    assert.match(await page.getByTestId(FINDING).first().innerText(), /payments[\s\S]*Next steps/);
    const { y = Infinity, height = 0 } = (await summary.boundingBox()) ?? {};
    assert.ok(y + height < 900, 'within the first screen');
    assert.match(await page.getByTestId('sonde-suspects').innerText(), /1\.?\s*payments|payments/);
    assert.match(await page.getByTestId('sonde-coverage').innerText(), /lines counted/);
    await assertNothingCutOff(page);
    await assertAccessible(page);
    await screenshot(page, 'troubleshoot-dark-1280');
  });

  for (const width of [800, 1600]) {
    test(`nothing is cut off at ${width} pixels in the light theme`, async (context) => {
      const page = await preview.open(context, '/', { width, theme: 'light' });
      await page.getByTestId(FINDING).first().waitFor();
      await assertNothingCutOff(page);
      await assertAccessible(page);
      await screenshot(page, `troubleshoot-light-${width}`);
    });
  }

  test('sentences in UTC are said to be in UTC to a user whose clock is another', async (context) => {
    const page = await preview.open(context, '/', { timeZone: 'Asia/Kolkata' });
    const summary = page.getByTestId(SUMMARY);
    await summary.getByText(/Times in sentences are UTC, \d{4}-\d\d-\d\d/).waitFor();
    await screenshot(page, 'troubleshoot-kolkata');
  });

  test('"Show lines" shows all lines that bear the finding out', async (context) => {
    const page = await preview.open(context, '/');
    const card = page.getByTestId(FINDING).first();
    const lines = card.getByRole('list', { name: 'Lines that show it' }).getByRole('listitem');
    await lines.first().waitFor();
    const answered = await (
      await fetch(`${preview.analyzerUrl}/api/v1/ai_logs/query?mode=troubleshoot`)
    ).json();
    const [first] = (answered as { findings: { evidence: unknown[] }[] }).findings;
    await card.getByRole('button', { name: 'Show lines' }).click();
    await card.getByRole('button', { name: 'Show fewer lines' }).waitFor();
    assert.equal(await lines.count(), first?.evidence.length);
  });

  test('dragging over the timeline zooms in, and the URL says so; Back undoes it', async (context) => {
    const page = await preview.open(context, '/a/sonde-troubleshoot-app/troubleshoot');
    await page.getByTestId(FINDING).first().waitFor();
    const bars = page.getByTestId('sonde-timeline').getByRole('img');
    const box = await bars.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.3, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=\d+&to=\d+/);
    const { searchParams } = new URL(page.url());
    const lengthMs = Number(searchParams.get('to')) - Number(searchParams.get('from'));
    assert.ok(lengthMs > 8 * 60_000 && lengthMs < 16 * 60_000, `${lengthMs} ms`);
    await page.goBack();
    await page.waitForURL((url) => !url.searchParams.has('from'));
  });

  test('a link opens the same services and window; a keyboard opens and closes a finding', async (context) => {
    const link = '/a/sonde-troubleshoot-app/troubleshoot?from=now-30m&to=now&services=payments&open=none';
    const page = await preview.open(context, link);
    const head = page.getByTestId(FINDING).first().getByRole('button').first();
    await head.focus();
    assert.equal(await head.getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('Enter');
    await page
      .getByText('Lines that show it')
      .or(page.getByRole('button', { name: 'Show lines' }))
      .first()
      .waitFor();
    assert.equal(await head.getAttribute('aria-expanded'), 'true');
    assert.match(page.url(), /services=payments/);
  });
});

describePreview('the troubleshooting page on an empty store', { scenario: 'empty' }, (preview) => {
  test('says that there is nothing, and what to do', async (context) => {
    const page = await preview.open(context, '/');
    await page.getByText('No lines in this window').waitFor();
    await screenshot(page, 'troubleshoot-empty');
  });
});
