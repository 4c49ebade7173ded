import { type LogLine, isErrorLevel } from '../../engine/log-line.ts';
import { namedValues, valueOf } from './named-values.ts';

// What lines say about calls of models. Names in the order in which they are tried.
export const MODEL_NAMES = ['model', 'model_name', 'llm_model', 'gen_ai_request_model'] as const;
export const TOKEN_NAMES = ['tokens_used', 'total_tokens', 'tokens'] as const;
export const INPUT_TOKEN_NAMES = ['input_tokens', 'prompt_tokens', 'gen_ai_usage_input_tokens'] as const;
export const OUTPUT_TOKEN_NAMES = [
  'output_tokens',
  'completion_tokens',
  'gen_ai_usage_output_tokens',
] as const;
export const LATENCY_NAMES = ['duration_ms', 'latency_ms', 'duration', 'latency'] as const;

/** A line that tells of a model's answer, its failure, or an attempt that will be made again. */
export interface ModelCall {
  readonly line: LogLine;
  readonly model: string | null;
  readonly outcome: 'answered' | 'failed' | 'retried' | 'mentioned';
  /** 0 where the line does not say; `total` is at least the sum of the others. */
  readonly tokens: { readonly input: number; readonly output: number; readonly total: number };
  readonly latencyMs: number | null;
  readonly message: string;
}

/** What the line says about a call of a model; null when it names no model and is no error. */
export function readModelCall(line: LogLine): ModelCall | null {
  const named = namedValues(line);
  const value = (names: readonly string[]) => valueOf(line, named, names);
  const model = value(MODEL_NAMES) ?? null;
  const failed = isErrorLevel(line.level);
  if (model === null && !failed) return null;
  const input = count(value(INPUT_TOKEN_NAMES));
  const output = count(value(OUTPUT_TOKEN_NAMES));
  const total = Math.max(count(value(TOKEN_NAMES)), input + output);
  const latencyMs = milliseconds(value(LATENCY_NAMES));
  const told = total > 0 || latencyMs !== null ? 'answered' : 'mentioned';
  const outcome = failed ? 'failed' : line.level === 'warn' ? 'retried' : told;
  return { line, model, outcome, tokens: { input, output, total }, latencyMs, message: named.message };
}

/** Whether the line ends a call: attempts that will be made again and mere mentions do not. */
export function isEnded({ outcome }: ModelCall): boolean {
  return outcome === 'answered' || outcome === 'failed';
}

export function addTokens(calls: readonly ModelCall[]): { input: number; output: number; total: number } {
  const sum = (of: 'input' | 'output' | 'total') => calls.reduce((all, { tokens }) => all + tokens[of], 0);
  return { input: sum('input'), output: sum('output'), total: sum('total') };
}

function count(text: string | undefined): number {
  const value = Number(text ?? 0);
  return Number.isFinite(value) && value > 0 ? value : 0;
}

/** '1.5s', '250ms' or a bare number of milliseconds. */
function milliseconds(text: string | undefined): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,9})?)(ms|s|m|us|µs)?$/.exec(text ?? '');
  if (!match) return null;
  const scale = { ms: 1, s: 1_000, m: 60_000, us: 0.001, µs: 0.001 }[(match[2] ?? 'ms') as 'ms'];
  return Number(match[1]) * scale;
}
