import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type ScenarioName, generateSample, pushSample } from '../../loki/sample/src/sample.ts';
import { createApiKey } from '../../analyzer-service/src/features/access/api-keys.ts';
import { testDatabase } from '../../analyzer-service/src/testing/test-access.ts';
import { testFolder, testService, testStore } from '../../analyzer-service/src/testing/test-stack.ts';

const PLUGIN = path.join(import.meta.dirname, '..');
const SCREENSHOTS = path.join(import.meta.dirname, 'screenshots');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const START_TIMEOUT_MS = 120_000;
/** Software rendering, and no sandbox: the tests run as root in containers, on pages of their own. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--font-render-hinting=none',
];

type Settings = Record<string, string>;

export interface PreviewOptions {
  /** What the store holds for the hour up to now. */
  readonly scenario: ScenarioName | 'none' | 'empty';
  /** Of the analyzer; a function where they need something that runs as long as the suite. */
  readonly settings?: Settings | ((context: Pick<TestContext, 'after'>) => Promise<Settings>);
  /** The analyzer asks for keys, and there is one of a viewer. */
  readonly withKey?: boolean;
}

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'dark' | 'light';
  /** Of the user, as the browser knows it. */
  readonly timeZone?: string;
  /** What the page may complain about in the console: failures that the test makes itself. */
  readonly complaints?: RegExp;
}

/** The built plugin in its standalone page, with a real analyzer and a real embedded store behind it. */
export interface Preview {
  readonly analyzerUrl: string;
  readonly lokiUrl: string;
  /** Empty unless `withKey` was asked for. */
  readonly viewerKey: string;
  /** A page of a fresh browser profile. When the test ends, the page must have had no error of its own. */
  open(context: TestContext, path: string, look?: Look): Promise<Page>;
}

/** A suite on one preview; left out, with the reason, where Chromium or the build is missing, and failed then in CI. */
export function describePreview(
  name: string,
  options: PreviewOptions,
  suite: (preview: Preview) => void,
): void {
  const missing = whatIsMissing();
  if (missing) {
    test(name, { skip: process.env.CI ? false : missing }, () => assert.fail(missing));
    return;
  }
  describe(name, () => {
    const cleanups: (() => unknown)[] = [];
    const started: { preview?: Preview } = {};
    before(
      async () => {
        started.preview = await startPreview(options, (cleanup) => cleanups.push(cleanup));
      },
      { timeout: START_TIMEOUT_MS },
    );
    after(async () => {
      for (const cleanup of cleanups.reverse()) {
        await cleanup();
      }
    });
    suite(whenStarted(started));
  });
}

/** Keeps a picture of the whole page in e2e/screenshots, to be looked at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** Nothing of the page stands beyond its right edge. */
export async function assertNothingCutOff(page: Page): Promise<void> {
  const beyond = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(beyond <= 0, `the page is ${beyond} pixels wider than the window`);
}

/** Each button, label and heading shows its whole text, or says with an ellipsis that there is more. */
export async function assertNoTextCut(page: Page): Promise<void> {
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a, label, h1, h2, h3, th, [role="status"]')]
      .filter((element) => {
        const { overflowX, textOverflow, position } = getComputedStyle(element);
        const clips = overflowX !== 'visible' && textOverflow !== 'ellipsis' && position !== 'absolute';
        return clips && element.innerText !== '' && element.scrollWidth > element.clientWidth + 1;
      })
      .map((element) => element.innerText.slice(0, 80)),
  );
  assert.deepEqual(cut, [], 'text is cut off');
}

/** axe finds nothing serious. */
export async function assertAccessible(page: Page): Promise<void> {
  // As a script of the page it would be refused by the page's own policy.
  await page.evaluate(readFileSync(path.join(PLUGIN, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } };
    return (await axe.run()).violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
  assert.deepEqual(found, []);
}

interface AxeViolation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: ReadonlyArray<{ readonly target: readonly string[] }>;
}

function whatIsMissing(): string | null {
  if (!existsSync(CHROMIUM)) {
    return `there is no ${CHROMIUM}: install Debian's chromium, or name another in CHROMIUM`;
  }
  return existsSync(path.join(PLUGIN, 'host/dist/index.html'))
    ? null
    : 'the plugin is not built: "npm run plugin:build" builds it';
}

export async function startPreview(
  { scenario, settings, withKey = false }: PreviewOptions,
  cleanUp: (cleanup: () => unknown) => void,
): Promise<Preview> {
  const context = { after: cleanUp } as Pick<TestContext, 'after'>;
  const store = await testStore(context);
  if (scenario !== 'empty') {
    const endMs = Date.now();
    const lines = generateSample({
      scenario,
      seed: 1,
      linesPerSecond: 12,
      startMs: endMs - 3_600_000,
      endMs,
    });
    await pushSample(lines, { url: store.url });
  }
  const DATA_DIR = await testFolder(context);
  const keys: Record<string, string> = withKey ? { API_KEYS_REQUIRED: 'true' } : {};
  const viewerKey = withKey ? await makeViewerKey(context, DATA_DIR) : '';
  const given = typeof settings === 'function' ? await settings(context) : settings;
  const service = await testService(context, store.url, { DATA_DIR, ...keys, ...given });
  const browser = await launchBrowser();
  cleanUp(() => browser.close());
  return {
    analyzerUrl: service.url,
    lokiUrl: store.url,
    viewerKey,
    open: (test, at, look = {}) => openPage(test, browser, service.url + at, look),
  };
}

export async function launchBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
}

async function makeViewerKey(context: Pick<TestContext, 'after'>, dataDir: string): Promise<string> {
  const { db } = await testDatabase(context, { DATA_DIR: dataDir });
  const change = { actor: 'test', nowMs: Date.now() };
  return (await createApiKey(db, { name: 'grafana', role: 'viewer' }, change)).key;
}

async function openPage(context: TestContext, browser: Browser, url: string, look: Look): Promise<Page> {
  const { width = 1280, height = 900, theme = 'dark', timeZone = 'UTC', complaints } = look;
  const profile = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    timezoneId: timeZone,
  });
  const page = await profile.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !complaints?.test(message.text())) {
      errors.push(message.text());
    }
  });
  context.after(async () => {
    await profile.close();
    assert.deepEqual(errors, [], 'errors in the browser');
  });
  await page.goto(url);
  return page;
}

function whenStarted(started: { readonly preview?: Preview }): Preview {
  const preview = (): Preview => {
    assert.ok(started.preview, 'the preview has started');
    return started.preview;
  };
  return {
    get analyzerUrl() {
      return preview().analyzerUrl;
    },
    get lokiUrl() {
      return preview().lokiUrl;
    },
    get viewerKey() {
      return preview().viewerKey;
    },
    open: (...args) => preview().open(...args),
  };
}
