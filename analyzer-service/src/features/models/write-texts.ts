import pLimit from 'p-limit';
import { AppError } from '../../errors.ts';
import type { Cache, GenerateRequest, Generated, Models } from '../../ports.ts';

/** Prompts of one batch that a model has at a time: others want their turn too. */
const PARALLEL_MAX = 4;

export interface TextOptions {
  readonly models: Pick<Models, 'generate'>;
  readonly cache: Cache;
  /** How long an answer is kept, in milliseconds. */
  readonly keepMs: number;
}

export interface WrittenText extends Generated {
  readonly cached: boolean;
}

/** The answer to `request`; with `useCache` one that was given to the same question before. Throws like `generate`. */
export async function writeText(
  { models, cache, keepMs }: TextOptions,
  request: GenerateRequest,
  useCache: boolean,
): Promise<WrittenText> {
  if (!useCache) return { ...(await models.generate(request)), cached: false };
  const { purpose, model, messages, schema, tokensMax, temperature } = request;
  const question = { generate: { purpose, model, messages, schema, tokensMax, temperature } };
  const { value, cached } = await cache.remember(question, request.signal, async (signal) => {
    const generated = await models.generate({ ...request, signal });
    // One that stood in for a model that failed is not what the next caller wants.
    return { value: generated, keepMs: generated.failures.length > 0 ? 0 : keepMs };
  });
  return { ...value, cached };
}

/** Each question with its own answer or error, in their order. Throws `cancelled` when nobody waits any more. */
export async function writeTexts(
  options: TextOptions,
  requests: readonly GenerateRequest[],
  useCache: boolean,
): Promise<readonly (WrittenText | AppError)[]> {
  const inTurn = pLimit(PARALLEL_MAX);
  return Promise.all(
    requests.map((request) =>
      inTurn(async () => {
        try {
          return await writeText(options, request, useCache);
        } catch (error) {
          if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
          return error;
        }
      }),
    ),
  );
}
