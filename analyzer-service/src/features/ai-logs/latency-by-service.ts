import { measuredValues } from '../../engine/anomalies/measured-values.ts';
import type { LogLine } from '../../engine/log-line.ts';
import { eachInTurns } from '../../turns.ts';

/** Milliseconds; null where no line that was read has a duration. */
interface ServiceLatency {
  readonly service: string;
  /** Lines with a duration that the figures rest on. */
  readonly lines: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
  readonly baseline_lines: number;
  readonly baseline_p50_ms: number | null;
  readonly baseline_p95_ms: number | null;
  readonly baseline_p99_ms: number | null;
}

interface Duration {
  readonly ms: number;
  /** Source lines that the line stands for. */
  readonly weight: number;
}

/**
 * Quantiles of the durations that a service writes into its lines, slowest first. They are taken from the lines that
 * were read, each weighing as much as it stands for: letting Loki parse every line of six windows costs more than
 * the third digit of a p95 is worth.
 */
export async function latencyByService(
  lines: readonly LogLine[],
  baselineLines: readonly LogLine[],
): Promise<ServiceLatency[]> {
  const now = await durationsByService(lines);
  const before = await durationsByService(baselineLines);
  return [...new Set([...now.keys(), ...before.keys()])]
    .map((service) => {
      const durations = now.get(service) ?? [];
      const baseline = before.get(service) ?? [];
      return {
        service,
        lines: durations.length,
        p50_ms: quantile(durations, 0.5),
        p95_ms: quantile(durations, 0.95),
        p99_ms: quantile(durations, 0.99),
        baseline_lines: baseline.length,
        baseline_p50_ms: quantile(baseline, 0.5),
        baseline_p95_ms: quantile(baseline, 0.95),
        baseline_p99_ms: quantile(baseline, 0.99),
      };
    })
    .sort((a, b) => (b.p95_ms ?? 0) - (a.p95_ms ?? 0));
}

/** Each service's durations, shortest first. A line counts once, with the first duration that it names. */
async function durationsByService(lines: readonly LogLine[]): Promise<Map<string, Duration[]>> {
  const byService = new Map<string, Duration[]>();
  await eachInTurns(lines, (line) => {
    const duration = line.weight > 0 ? measuredValues(line).find(({ unit }) => unit === 'ms') : undefined;
    if (!duration) return;
    const durations = byService.get(line.service);
    if (durations) durations.push({ ms: duration.value, weight: line.weight });
    else byService.set(line.service, [{ ms: duration.value, weight: line.weight }]);
  });
  for (const durations of byService.values()) durations.sort((a, b) => a.ms - b.ms);
  return byService;
}

/** The smallest duration that at least `share` of the weight does not exceed. */
function quantile(durations: readonly Duration[], share: number): number | null {
  let left = share * durations.reduce((sum, { weight }) => sum + weight, 0);
  for (const { ms, weight } of durations) {
    left -= weight;
    if (left <= 1e-9) return Math.round(ms * 1_000) / 1_000;
  }
  return durations.at(-1)?.ms ?? null;
}
