import type { ModelPrices } from '../../../ports.ts';
import type { Usage } from './count-usage.ts';

const MILLION = 1_000_000;

/** What a model's tokens cost; null when the table does not name it. Tokens of unknown direction count as output. */
export function costOf(prices: ModelPrices, model: string, usage: Usage): number | null {
  const price = prices.models[model];
  if (!price) return null;
  const unknown = usage.totalTokens - usage.inputTokens - usage.outputTokens;
  return (usage.inputTokens * price.input + (usage.outputTokens + unknown) * price.output) / MILLION;
}
