import { logChoose } from './share-test.ts';
import { normalTail } from './robust.ts';

/**
 * Probability that values like `after` rank this high above values like `before` when both come from one source: the
 * rank sum test (Mann & Whitney, 1947), never below what complete separation of so few values can prove.
 */
export function rankRiseProbability(after: readonly number[], before: readonly number[]): number {
  if (after.length === 0 || before.length === 0) return 1;
  const total = after.length + before.length;
  const values = [
    ...after.map((value) => ({ value, isAfter: true })),
    ...before.map((value) => ({ value, isAfter: false })),
  ].sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < total;) {
    let end = start;
    while (end < total && values[end]?.value === values[start]?.value) end += 1;
    const rank = (start + 1 + end) / 2;
    for (let index = start; index < end; index += 1) if (values[index]?.isAfter === true) rankSum += rank;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  const wins = rankSum - (after.length * (after.length + 1)) / 2;
  const pairs = after.length * before.length;
  const variance = (pairs / 12) * (total + 1 - ties / (total * Math.max(1, total - 1)));
  if (variance <= 0) return 1;
  const least = Math.exp(-logChoose(total, after.length));
  return Math.max(least, normalTail((wins - pairs / 2 - 0.5) / Math.sqrt(variance)));
}
