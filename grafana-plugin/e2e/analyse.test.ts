import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { incident } from '../../analyzer-service/src/features/analyses/testing/incident.ts';
import {
  type Preview,
  assertAccessible,
  assertNoTextCut,
  assertNothingCutOff,
  describePreview,
  screenshot,
} from './preview.ts';

type Page = Awaited<ReturnType<Preview['open']>>;

const PAGE = '/a/sonde-troubleshoot-app/analyse';
const HOSTILE_NAME = '<img src=x onerror=alert(1)>.log';
/** Two minutes around the beginning of the fault. */
const SHORT = incident().split('\n').slice(2_350, 2_700).join('\n');
const RIGHT_TO_LEFT = String.fromCharCode(0x202e);

describePreview('the analyse page', { scenario: 'none' }, (preview) => {
  for (const [theme, width] of [
    ['dark', 1280],
    ['light', 1600],
    ['dark', 800],
  ] as const) {
    test(`tells what stands out in files, ${theme}, ${width} pixels wide`, async (context) => {
      const page = await preview.open(context, PAGE, { theme, width });
      await page.getByText('Nothing was analysed yet').or(page.getByRole('table')).waitFor();
      await assertAccessible(page);
      await assertNoTextCut(page);
      await screenshot(page, `analyse-form-${theme}-${width}`);
      await drop(page, [
        { name: 'shop.log', text: incident() },
        { name: 'store.log.gz', packed: incident().replaceAll('shop.', 'store.') },
      ]);
      await page.getByLabel('Only the last').fill('25m');
      await analyse(page);
      assert.match(
        await page.getByTestId('sonde-summary').innerText(),
        /(shop|store) wrote 'no connection left/,
      );
      assert.match(await page.getByTestId('sonde-analysis-title').innerText(), /shop\.log, store\.log/);
      assertAddsUp(await page.getByTestId('sonde-analysis-account').innerText());
      await page
        .getByRole('list', { name: 'Lines that show it' })
        .first()
        .getByText(/^s.*\.log(\.gz)?:\d+ /)
        .first()
        .waitFor();
      await assertNothingCutOff(page);
      await assertNoTextCut(page);
      await assertAccessible(page);
      await screenshot(page, `analyse-result-${theme}-${width}`);
    });
  }

  test('pasted lines are analysed, and the address leads there again', async (context) => {
    const page = await preview.open(context, PAGE);
    await page.getByLabel('Paste log lines').fill(SHORT);
    await analyse(page);
    const again = await preview.open(context, new URL(page.url()).pathname + new URL(page.url()).search);
    await again.getByTestId('sonde-finding').first().waitFor();
    assert.equal(
      await again.getByTestId('sonde-analysis-account').innerText(),
      await page.getByTestId('sonde-analysis-account').innerText(),
    );
  });

  test('a large text that is pasted is kept as a file, which can be left out again', async (context) => {
    const page = await preview.open(context, PAGE);
    await page.getByLabel('Paste log lines').evaluate((field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, incident());
    const files = page.getByRole('list', { name: 'Files to analyse' });
    await files.getByText('pasted text').waitFor();
    await files.getByRole('button', { name: 'Leave pasted text out' }).click();
    await files.waitFor({ state: 'detached' });
  });

  test('names of files and lines are text, whatever they hold', async (context) => {
    const page = await preview.open(context, PAGE);
    const line = `2026-11-20T10:00:00Z ERROR <script>alert(1)</script> ${RIGHT_TO_LEFT}gnp.exe =1+1`;
    await drop(page, [{ name: HOSTILE_NAME, text: `${`${line}\n`.repeat(50)}` }]);
    await analyse(page);
    assert.equal(await page.getByTestId('sonde-analysis-title').innerText(), HOSTILE_NAME);
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    await page.getByRole('button', { name: 'All analyses' }).click();
    await page.getByRole('button', { name: HOSTILE_NAME }).waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
  });

  test('the history is listed and exported; one is deleted, then all', async (context) => {
    const page = await preview.open(context, PAGE);
    await page.getByLabel('Paste log lines').fill('2026-11-20T10:00:00Z ERROR pool is empty\n');
    await analyse(page);
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    const history = page.getByRole('region', { name: 'Analyses made before' });
    await history.waitFor();
    const rows = history.getByRole('row');
    await rows.nth(1).waitFor();
    const download = page.waitForEvent('download');
    await history.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'CSV' }).click();
    assert.match(await readFile(await (await download).path(), 'utf8'), /^id,state,files,bytes,made,by\r\n/);
    await screenshot(page, 'analyse-history');
    await history.getByRole('button', { name: 'Delete all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete all' }).click();
    await page.getByText('Nothing was analysed yet').waitFor();
  });

  test('what cannot be analysed says why, and how to go on', async (context) => {
    const page = await preview.open(context, PAGE, { complaints: /400|404/ });
    const submit = page.getByRole('button', { name: 'Analyse', exact: true });
    assert.equal(await submit.isDisabled(), true);
    await drop(page, [{ name: 'broken.log.gz', text: 'not packed at all' }]);
    await submit.click();
    await page.getByText('broken.log.gz is not packed with gzip').waitFor();
    await page.getByRole('button', { name: 'Leave broken.log.gz out' }).click();
    await drop(page, [{ name: 'bomb.gz', packed: '0'.repeat(210_000_000) }]);
    await submit.click();
    await page.getByText('bomb.gz holds more than 200 MB').waitFor();
    await page.getByLabel('Only the last').fill('soon');
    await page.getByText('Write a number and s, m, h, d or w').waitFor();
    assert.equal(await submit.isDisabled(), true);
    await screenshot(page, 'analyse-errors');
    await page.goto(`${preview.analyzerUrl}${PAGE}?id=0d9ce3a2-6f2b-4b39-8f0e-0a4fc0a2a3c1`);
    await page.getByText('The analysis could not be read').waitFor();
  });

  test('is done with the keyboard alone', async (context) => {
    const page = await preview.open(context, PAGE);
    await page.getByLabel('Paste log lines').focus();
    await page.keyboard.insertText(SHORT);
    const submit = page.getByRole('button', { name: 'Analyse', exact: true });
    for (let presses = 0; presses < 20; presses++) {
      await page.keyboard.press('Tab');
      if (await submit.evaluate((button) => button === document.activeElement)) {
        break;
      }
    }
    await page.keyboard.press('Enter');
    await page.getByTestId('sonde-finding').first().waitFor();
  });
});

describePreview(
  'the analyse page with a large limit',
  { scenario: 'empty', settings: { ANALYSIS_BYTES_MAX: '100000' } },
  (preview) => {
    test('says that a file is too large, and what to do', async (context) => {
      const page = await preview.open(context, PAGE, { complaints: /413/ });
      await drop(page, [{ name: 'large.log', text: incident() }]);
      await page.getByRole('button', { name: 'Analyse', exact: true }).click();
      await page.getByText('ANALYSIS_BYTES_MAX').waitFor();
    });
  },
);

interface Dropped {
  readonly name: string;
  readonly text?: string;
  readonly packed?: string;
}

async function drop(page: Page, files: readonly Dropped[]): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(
    files.map(({ name, text, packed }) => ({
      name,
      mimeType: 'text/plain',
      buffer: packed === undefined ? Buffer.from(text ?? '') : gzipSync(packed),
    })),
  );
}

async function analyse(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Analyse', exact: true }).click();
  await page.getByTestId('sonde-summary').waitFor();
}

function assertAddsUp(account: string): void {
  const [, read, ...parts] = [...account.matchAll(/\d[\d,]*/g)].map(([n]) => Number(n.replaceAll(',', '')));
  const summands = parts.slice(0, 5);
  assert.equal(
    summands.reduce((sum, part) => sum + part, 0),
    read,
    account,
  );
}
