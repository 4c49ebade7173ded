// npm run bench:start [-- --runs 5]: from the address in a fresh browser to the findings, right after a first start with
// the sample, as `npm start` makes it. What the plugin itself weighs until then is measured as gzip would send it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type BenchRow, reportRows } from '../../../analyzer-service/bench/rows.ts';
import { endProgress, showProgress } from '../../../analyzer-service/src/cli/progress.ts';
import { launchBrowser } from '../preview.ts';

const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(options.runs);
const CLI = path.join(import.meta.dirname, '../../../analyzer-service/src/cli.ts');

interface Start {
  /** The page of the plugin stands there and says what it is doing. */
  readonly pageMs: number;
  readonly countsMs: number;
  readonly findingsMs: number;
  readonly pluginBytes: number;
}

const starts: Start[] = [];
for (let run = 1; run <= runs; run++) {
  showProgress(`start ${run} of ${runs}`);
  starts.push(await measureStart());
}
endProgress();
await reportRows(
  'start',
  [
    ...medianAndWorst('page', 'ms', ({ pageMs }) => pageMs),
    ...medianAndWorst('counts', 'ms', ({ countsMs }) => countsMs),
    ...medianAndWorst('findings', 'ms', ({ findingsMs }) => findingsMs),
    { what: 'scripts of the plugin until then, gzip', value: starts[0]?.pluginBytes ?? 0, unit: 'bytes' },
  ],
  { runs },
);

function medianAndWorst(what: string, unit: string, of: (start: Start) => number): BenchRow[] {
  const values = starts.map(of).sort((a, b) => a - b);
  return [
    { what: `${what}: median`, value: values[Math.floor(values.length / 2)] ?? 0, unit },
    { what: `${what}: worst`, value: values.at(-1) ?? 0, unit },
  ];
}

async function measureStart(): Promise<Start> {
  await using sonde = await startSonde();
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext()).newPage();
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => {
      if (/\/public\/plugins\/.*\.js/.test(response.url())) {
        sizes.push(response.body().then((body) => gzipSync(body).length));
      }
    });
    const startedMs = performance.now();
    await page.goto(sonde.url, { waitUntil: 'commit' });
    await page.getByText('Looking for what differs').or(page.getByTestId('sonde-timeline')).first().waitFor();
    const pageMs = performance.now() - startedMs;
    await page.getByTestId('sonde-timeline').waitFor();
    const countsMs = performance.now() - startedMs;
    await page.getByTestId('sonde-finding').first().waitFor();
    const findingsMs = performance.now() - startedMs;
    return {
      pageMs,
      countsMs,
      findingsMs,
      pluginBytes: (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0),
    };
  } finally {
    await browser.close();
  }
}

/** As `npm start`, until it has told in the terminal what happened. */
async function startSonde() {
  const folder = await mkdtemp(path.join(tmpdir(), 'sonde-start-'));
  const args = ['serve', '--sample', '--data', folder, '--port', '0', '--loki-port', '0'];
  const child = spawn(process.execPath, ['--max-semi-space-size=16', CLI, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    url ||= /Analyzer\s+\S*?(http:\/\/[\d.:]+)/.exec(line)?.[1] ?? '';
    if (line.startsWith('Findings')) {
      break;
    }
  }
  child.stdout.resume();
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await once(child, 'close');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
