// npm run bench:live [-- --lines 50000 --rate 500]: lines into the live page, at a steady rate and through the real
// store and service. Frames and tasks are those of the browser's own trace.
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { CDPSession } from 'playwright-core';
import { type BenchRow, reportRows } from '../../../analyzer-service/bench/rows.ts';
import { bar, endProgress, showProgress } from '../../../analyzer-service/src/cli/progress.ts';
import { push } from '../../../analyzer-service/src/testing/push-lines.ts';
import { type Preview, startPreview } from '../preview.ts';
import { readTrace, startTrace } from './trace.ts';

type Page = Awaited<ReturnType<Preview['open']>>;

const { values: options } = parseArgs({
  options: { lines: { type: 'string', default: '50000' }, rate: { type: 'string', default: '500' } },
});
const lines = Number(options.lines);
const rate = Number(options.rate);
const STEP_MS = 50;
const PARTS = 5;
const PAGE = '/a/sonde-troubleshoot-app/live';
const SERVICES = ['gateway', 'api', 'payments', 'search', 'worker'];

const closing: (() => unknown)[] = [];
try {
  const preview = await startPreview({ scenario: 'empty' }, (close) => closing.push(close));
  const page = await preview.open({ after: (close: () => unknown) => closing.push(close) } as never, PAGE);
  await page.locator('[data-testid="sonde-live-state"][data-state="live"]').waitFor();
  await reportRows('live', await measure(page, preview.lokiUrl), { lines, rate });
} finally {
  for (const close of closing.reverse()) {
    await close();
  }
}

async function measure(page: Page, lokiUrl: string): Promise<BenchRow[]> {
  const session = await page.context().newCDPSession(page);
  const heaps: number[] = [];
  await session.send('Performance.enable');
  await startTrace(session);
  const startedMs = performance.now();
  let sent = 0;
  while (sent < lines) {
    const due = Math.min(lines, Math.ceil(((performance.now() - startedMs) / 1_000) * rate));
    await pushMore(lokiUrl, sent, due);
    sent = due;
    showProgress(`${bar(sent / lines)} ${sent} of ${lines} lines`);
    const fifth = Math.min(PARTS - 1, Math.floor((sent / lines) * PARTS));
    heaps[fifth] = Math.min(heaps[fifth] ?? Infinity, await heapBytes(session));
    await setTimeout(STEP_MS);
  }
  endProgress();
  const seconds = (performance.now() - startedMs) / 1_000;
  await page.waitForFunction(
    (wanted) =>
      Number(
        document.querySelector('[data-testid="sonde-live-count"]')?.textContent?.replaceAll(/\D/g, '') ?? 0,
      ) >= wanted,
    lines,
    { timeout: 30_000 },
  );
  const { frames, tasks } = await readTrace(session);
  return [
    { what: 'lines a second that were written', value: lines / seconds, unit: 'lines/s' },
    { what: 'frames drawn', value: frames.length, unit: 'frames' },
    { what: 'longest frame', value: Math.max(...frames), unit: 'ms' },
    { what: 'frames over 100 ms', value: frames.filter((ms) => ms > 100).length, unit: 'frames' },
    { what: 'frames over 50 ms', value: frames.filter((ms) => ms > 50).length, unit: 'frames' },
    { what: 'longest task of the main thread', value: Math.max(...tasks), unit: 'ms' },
    { what: 'lines missed', value: await missed(page), unit: 'lines' },
    ...heaps.map((value, part) => ({
      what: `least heap in part ${part + 1} of ${PARTS}`,
      value: value / 2 ** 20,
      unit: 'MiB',
    })),
  ];
}

async function pushMore(lokiUrl: string, from: number, to: number): Promise<void> {
  await Promise.all(
    SERVICES.map((service, nth) => {
      const texts: string[] = [];
      for (let line = from; line < to; line++) {
        if (line % SERVICES.length === nth) {
          texts.push(
            `request ${line} of ${service} was answered in ${(line * 7) % 300} ms, order=${line % 97}`,
          );
        }
      }
      return texts.length === 0 ? null : push(lokiUrl, service, texts, from % 7 === nth ? 'error' : 'info');
    }),
  );
}

/** With what was not collected yet: a collection that is asked for would stop the page. */
async function heapBytes(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
}

async function missed(page: Page): Promise<number> {
  const text = await page.getByText(/\d+ missed/).innerText();
  return Number(text.replaceAll(/\D/g, ''));
}
