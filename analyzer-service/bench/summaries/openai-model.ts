import { AppError } from '../../src/errors.ts';
import type { Models } from '../../src/ports.ts';

export interface ModelAddress {
  readonly name: string;
  /** With the version: http://localhost:11434/v1 */
  readonly url: string;
  readonly key: string | undefined;
}

const ANSWER_BYTES_MAX = 4 << 20;

/** One model of any server that speaks OpenAI's protocol, without the manager's queues: what fails here is told as it is. */
export function openAiModel({ name, url, key }: ModelAddress): Models {
  return {
    has: () => true,
    generate: async ({ messages, schema, tokensMax, temperature, timeoutMs, signal }) => {
      const startedMs = performance.now();
      const body = {
        model: name,
        messages,
        temperature,
        max_tokens: tokensMax,
        ...(schema
          ? {
              response_format: {
                type: 'json_schema',
                json_schema: { name: 'summary', strict: true, schema },
              },
            }
          : {}),
      };
      const response = await fetch(`${url.replace(/\/$/, '')}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      const text = (await response.text()).slice(0, ANSWER_BYTES_MAX);
      if (!response.ok)
        throw new AppError(
          'internal',
          `${name} answered ${response.status}: ${text.slice(0, 200)}. Look at its log.`,
        );
      const answer = JSON.parse(text) as {
        readonly choices?: readonly { readonly message?: { readonly content?: string | null } }[];
        readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number };
      };
      return {
        text: answer.choices?.[0]?.message?.content ?? '',
        model: name,
        local: /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(url),
        promptTokens: answer.usage?.prompt_tokens ?? 0,
        answerTokens: answer.usage?.completion_tokens ?? 0,
        tookMs: performance.now() - startedMs,
        failures: [],
      };
    },
  };
}
