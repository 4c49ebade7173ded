import { type BenchRow, quantile } from '../rows.ts';
import type { ServiceProcess } from './service-process.ts';

const CLIENTS = 100;
const REQUESTS_EACH = 3;

/** The first answer of a window, and the same again. */
export async function benchTroubleshoot(service: ServiceProcess, end: string): Promise<BenchRow[]> {
  const ask = () => timed(`${service.url}/api/v1/ai_logs/query?mode=troubleshoot&time_range=1h&end=${end}`);
  const cold = await ask();
  const again = [await ask(), await ask(), await ask(), await ask(), await ask()];
  return [
    { what: 'troubleshoot, cold', value: cold.ms, unit: 'ms' },
    {
      what: 'troubleshoot, the same again (median of 5)',
      value: quantile(
        again.map(({ ms }) => ms),
        0.5,
      ),
      unit: 'ms',
    },
  ];
}

/** Clients at once, each with some different questions. */
export async function benchMixedClients(service: ServiceProcess, end: string): Promise<BenchRow[]> {
  const window = `end=${end}&time_range`;
  const base = `${service.url}/api/v1/ai_logs`;
  const questions = [
    `${base}/query?mode=troubleshoot&${window}=1h`,
    `${base}/query?mode=errors&${window}=30m`,
    `${base}/query?mode=performance&${window}=15m`,
    `${base}/query?mode=audit&${window}=30m`,
    `${base}/query?mode=troubleshoot&${window}=15m&services=payments`,
    `${base}/health`,
  ];
  const startedMs = performance.now();
  const answers = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const asked = [];
      for (let index = 0; index < REQUESTS_EACH; index++)
        asked.push(await timed(questions[(client + index) % questions.length] ?? ''));
      return asked;
    }),
  );
  const all = answers.flat();
  const name = `${CLIENTS} clients on mixed endpoints`;
  const seconds = (performance.now() - startedMs) / 1_000;
  return [
    {
      what: `${name}: median`,
      value: quantile(
        all.map(({ ms }) => ms),
        0.5,
      ),
      unit: 'ms',
    },
    {
      what: `${name}: p95`,
      value: quantile(
        all.map(({ ms }) => ms),
        0.95,
      ),
      unit: 'ms',
    },
    { what: `${name}: errors`, value: all.filter(({ status }) => status !== 200).length, unit: 'answers' },
    { what: `${name}: answers`, value: all.length / seconds, unit: 'answers/s' },
  ];
}

async function timed(url: string): Promise<{ readonly ms: number; readonly status: number }> {
  const startedMs = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  return { ms: performance.now() - startedMs, status: response.status };
}
