import { writeWords } from '../../src/features/summaries/write-words.ts';
import type { Models } from '../../src/ports.ts';
import { benchOptions, type SummaryLimits } from './bench-options.ts';
import type { SummaryCase } from './cases.ts';
import { judge, type Verdict } from './judge.ts';

/** Each case with each model, and with none: the words go through the service's own code. `onVerdict` is told as it goes. */
export async function evaluate(
  cases: readonly SummaryCase[],
  models: Readonly<Record<string, Models>>,
  limits: SummaryLimits,
  onVerdict: (verdict: Verdict) => void = () => {},
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  const asked: readonly (readonly [string, Models | null])[] = [['none', null], ...Object.entries(models)];
  for (const one of cases) {
    const facts = await one.facts();
    for (const [name, model] of asked) {
      const options = benchOptions(model, limits);
      const words = await writeWords(options, facts, {}, new AbortController().signal);
      const verdict = judge(one, facts, words, name);
      verdicts.push(verdict);
      onVerdict(verdict);
    }
  }
  return verdicts;
}
