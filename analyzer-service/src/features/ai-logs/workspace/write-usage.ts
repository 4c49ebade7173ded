import type { ModelPrices } from '../../../ports.ts';
import { costOf } from './cost.ts';
import type { Usage } from './count-usage.ts';
import type { WorkspaceAnswer } from './schema.ts';

/** The sum over models as the API says it; its cost is null when one of the models that used tokens has no price. */
export function writeUsage(
  usages: ReadonlyMap<string, Usage>,
  prices: ModelPrices,
): WorkspaceAnswer['totals'] {
  const all = [...usages];
  const sum = (of: keyof Usage) => all.reduce((total, [, usage]) => total + usage[of], 0);
  const costs = all
    .filter(([, { totalTokens }]) => totalTokens > 0)
    .map(([model, usage]) => costOf(prices, model, usage));
  const known = costs.filter((cost) => cost !== null);
  return {
    requests: sum('answered') + sum('failed'),
    failed: sum('failed'),
    retries: sum('retries'),
    tokens: { input: sum('inputTokens'), output: sum('outputTokens'), total: sum('totalTokens') },
    cost:
      known.length === costs.length && costs.length > 0 ? rounded(known.reduce((a, b) => a + b, 0)) : null,
  };
}

/** The usages of several ranges as one. */
export function addUsages(parts: readonly ReadonlyMap<string, Usage>[]): ReadonlyMap<string, Usage> {
  const sums = new Map<string, Usage>();
  for (const [model, usage] of parts.flatMap((part) => [...part])) {
    const sum = sums.get(model);
    sums.set(model, sum ? add(sum, usage) : usage);
  }
  return sums;
}

function add(a: Usage, b: Usage): Usage {
  return {
    answered: a.answered + b.answered,
    failed: a.failed + b.failed,
    retries: a.retries + b.retries,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    totalTokens: a.totalTokens + b.totalTokens,
  };
}

function rounded(cost: number): number {
  return Math.round(cost * 1e6) / 1e6;
}
