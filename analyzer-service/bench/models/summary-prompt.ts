import { generateSample } from '@sonde/loki-sample';
import { factsOfInvestigation } from '../../src/engine/analysis/facts-of-analysis.ts';
import { Investigation } from '../../src/engine/investigation/investigation.ts';
import { parseLevel } from '../../src/engine/log-line.ts';
import { preparePrompt } from '../../src/features/summaries/write-words.ts';
import { benchOptions } from '../summaries/bench-options.ts';

const END_MS = Date.UTC(2026, 10, 20, 12);
const WINDOW_MS = 3_600_000;

/** The prompt for a summary of so many lines, half of them the baseline: its tokens by the service's own estimate. */
export async function summaryPrompt(lines: number, promptTokensMax: number) {
  const window = { startMs: END_MS - WINDOW_MS, endMs: END_MS };
  const baseline = { startMs: END_MS - 2 * WINDOW_MS, endMs: window.startMs };
  const investigation = new Investigation({ window, baseline: [baseline] });
  // The sample's fault makes its services write a little less.
  const linesPerSecond = (1.04 * lines * 1_000) / (2 * WINDOW_MS);
  let read = 0;
  for (const { labels, metadata, ...line } of generateSample({
    scenario: 'pool-exhaustion',
    seed: 1,
    linesPerSecond,
    startMs: baseline.startMs,
    endMs: END_MS,
  })) {
    investigation.add({
      ...line,
      service: labels.service,
      level: parseLevel(labels.level),
      fields: metadata,
      weight: 1,
    });
    read++;
  }
  const facts = factsOfInvestigation(investigation.finish(), window, baseline);
  const options = benchOptions(null, { timeoutMs: 60_000, promptTokensMax, answerTokensMax: 1_000 });
  const { tokens, messages } = await preparePrompt(options, facts, {});
  return { lines: read, tokens, messages };
}
