import { median } from '../../../engine/anomalies/robust.ts';
import { duration, listed } from '../../../engine/findings/wording.ts';
import { type ModelCall, addTokens, isEnded } from '../model-call.ts';
import { milliseconds } from '../write-finding.ts';
import type { ConversationAnswer } from './schema.ts';
import type { Turn } from './turns.ts';

export function totalsOf(turns: readonly Turn[]): ConversationAnswer['totals'] {
  const calls = turns.flatMap((turn) => turn.calls);
  return {
    turns: turns.length,
    failed_turns: turns.filter(({ course }) => course.brokeAt !== null).length,
    calls: calls.filter(isEnded).length,
    failed_calls: calls.filter(({ outcome }) => outcome === 'failed').length,
    retries: calls.filter(({ outcome }) => outcome === 'retried').length,
    tokens: addTokens(calls),
    median_latency_ms: medianLatency(calls),
  };
}

/** Most tokens first. */
export function totalsByModel(turns: readonly Turn[]): ConversationAnswer['models'] {
  const calls = turns.flatMap((turn) => turn.calls);
  const models = [...new Set(calls.flatMap(({ model }) => model ?? []))];
  return models
    .map((model) => {
      const own = calls.filter((call) => call.model === model);
      return {
        model,
        calls: own.filter(isEnded).length,
        failed: own.filter(({ outcome }) => outcome === 'failed').length,
        retries: own.filter(({ outcome }) => outcome === 'retried').length,
        tokens: addTokens(own),
        median_latency_ms: medianLatency(own),
      };
    })
    .sort((a, b) => b.tokens.total - a.tokens.total || (a.model < b.model ? -1 : 1));
}

/** The conversation in two sentences. */
export function describeConversation(turns: readonly Turn[]): string {
  const { failed_turns, calls, tokens, median_latency_ms } = totalsOf(turns);
  const models = totalsByModel(turns).map(({ model }) => model);
  const by = models.length > 0 ? ` by ${listed(models, 4)}` : '';
  const latency = median_latency_ms === null ? '' : `, ${duration(median_latency_ms)} in the median`;
  const failed = failed_turns === 0 ? 'None of them failed.' : `${failed_turns} of them failed.`;
  return `${turns.length} turn${turns.length === 1 ? '' : 's'} with ${calls} call${calls === 1 ? '' : 's'} of models${by}: ${tokens.total.toLocaleString('en')} tokens${latency}. ${failed}`;
}

function medianLatency(calls: readonly ModelCall[]): number | null {
  const latencies = calls.flatMap(({ latencyMs }) => latencyMs ?? []);
  return latencies.length > 0 ? milliseconds(median(latencies)) : null;
}
