import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Preview, describePreview } from './preview.ts';

type Page = Awaited<ReturnType<Preview['open']>>;

const APP = '/a/sonde-troubleshoot-app';
/** Each page, and what stands on it when it has its answer. */
const PAGES: ReadonlyArray<readonly [string, string]> = [
  [`${APP}/troubleshoot`, '[data-testid=sonde-finding]'],
  [`${APP}/live`, '[data-testid=sonde-live-state][data-state=live]'],
  [`${APP}/patterns`, '[data-testid=sonde-patterns-sum]'],
  [`${APP}/requests`, '[data-testid=sonde-service-graph]'],
  [`${APP}/analyse`, '#sonde-analyse-text'],
  [`${APP}/incidents`, 'text=No incidents'],
  [`${APP}/conversations`, 'table'],
  ['/plugins/sonde-troubleshoot-app', '#sonde-api-url'],
  ['/d/troubleshooting', '[data-testid=sonde-finding]'],
];
const STOPS_MAX = 250;

describePreview('with the keyboard alone', { scenario: 'pool-exhaustion' }, (preview) => {
  for (const [path, ready] of PAGES) {
    test(`every control of ${path} is reached, in sight and with a mark`, async (context) => {
      const page = await preview.open(context, path);
      await page.locator(ready).first().waitFor();
      const wanted = await markControls(page);
      const { reached, unmarked } = await walk(page);
      assert.deepEqual(
        wanted.filter((name) => !reached.has(name)),
        [],
        'out of reach',
      );
      assert.deepEqual(unmarked, [], 'without a mark of focus');
    });
  }

  test('a menu and a dialog close by Escape, and give the focus back', async (context) => {
    const page = await preview.open(context, `${APP}/patterns`);
    await page.getByTestId('sonde-patterns-sum').waitFor();
    const menu = page.getByRole('button', { name: 'Export' });
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'CSV' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem', { name: 'CSV' }).waitFor({ state: 'detached' });
    assert.equal(await menu.evaluate((button) => button === document.activeElement), true);
  });

  test('a finding opens and closes by Enter and the space bar', async (context) => {
    const page = await preview.open(context, `${APP}/troubleshoot`);
    const second = page.getByTestId('sonde-finding').nth(1).getByRole('button').first();
    await second.focus();
    await page.keyboard.press('Enter');
    assert.equal(await second.getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('Space');
    assert.equal(await second.getAttribute('aria-expanded'), 'false');
  });
});

/** Gives each control that can be used a name, and returns the names. Of a group of radio buttons, one is a stop. */
function markControls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [
      ...document.querySelectorAll<HTMLElement>('a[href], button, input, textarea, select, [tabindex="0"]'),
    ].filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      const disabled = element.matches(':disabled, [aria-disabled=true], [tabindex="-1"], [type=file]');
      const unchecked = element.matches('[type=radio]:not(:checked)');
      return (
        width > 1 &&
        height > 1 &&
        !disabled &&
        !unchecked &&
        getComputedStyle(element).visibility !== 'hidden'
      );
    });
    return controls.map((element, index) => {
      const text = element.getAttribute('aria-label') ?? element.innerText ?? '';
      element.dataset.stop = `${index} ${element.tagName} ${element.id} ${text.slice(0, 40)}`;
      return element.dataset.stop;
    });
  });
}

/** Tabs through the page once. A control that was drawn anew meanwhile is known by its place in the page. */
async function walk(page: Page) {
  const reached = new Set<string>();
  const unmarked: string[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let stop = 0; stop < STOPS_MAX; stop++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (!element || element === document.body) {
        return null;
      }
      // Something of it, or of what is around it, looks otherwise than without the focus.
      const around = [element, element.nextElementSibling];
      for (let one = element.parentElement; one && around.length < 6; one = one.parentElement) {
        around.push(one);
      }
      const look = () =>
        JSON.stringify(
          around.map((one) => {
            const { outline, boxShadow, borderColor, background } = one
              ? getComputedStyle(one)
              : ({} as never);
            return [outline, boxShadow, borderColor, background];
          }),
        );
      const focused = look();
      element.blur();
      const marked = look() !== focused;
      element.focus();
      return { name: element.dataset.stop ?? '', marked, text: element.outerHTML.slice(0, 160) };
    });
    if (!at) {
      break;
    }
    if (at.name !== '' && reached.has(at.name)) {
      break;
    }
    reached.add(at.name);
    if (!at.marked) {
      unmarked.push(at.text);
    }
  }
  return { reached, unmarked };
}
