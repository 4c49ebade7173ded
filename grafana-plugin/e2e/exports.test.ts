import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { describePreview } from './preview.ts';

const APP = '/a/sonde-troubleshoot-app';
/** Each list, what stands on its page when it is there, and how its table begins. */
const LISTS = [
  ['troubleshoot', '[data-testid=sonde-finding]', 'severity,kind,service,'],
  ['patterns', '[data-testid=sonde-patterns-sum]', 'pattern,name,service,'],
  ['requests', '[data-testid=sonde-service-graph]', 'caller,callee,calls,'],
  ['conversations', 'table', 'conversation,started,turns,'],
] as const;

describePreview('lists are taken along', { scenario: 'model-limits' }, (preview) => {
  for (const [name, ready, columns] of LISTS) {
    test(`${name}: as CSV, as Markdown, as a link`, async (context) => {
      const page = await preview.open(context, `${APP}/${name}?from=now-1h&to=now`);
      await page.locator(ready).first().waitFor();
      const save = async (format: string) => {
        await page.getByRole('button', { name: 'Export' }).click();
        const download = page.waitForEvent('download');
        await page.getByRole('menuitem', { name: format }).click();
        return readFile(await (await download).path(), 'utf8');
      };
      const csv = await save('CSV');
      assert.ok(csv.startsWith(columns), csv.slice(0, 200));
      const rows = csv.trimEnd().split('\r\n').length - 1;
      assert.ok(rows >= 1);
      const markdown = await save('Markdown');
      assert.ok(markdown.startsWith(`| ${columns.split(',')[0]} |`), markdown.slice(0, 200));
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: 'Copy the link' }).click();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
    });
  }
});
