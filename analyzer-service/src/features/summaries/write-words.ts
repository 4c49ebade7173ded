import { AppError } from '../../errors.ts';
import { checkWords } from '../../engine/summary/check-words.ts';
import { type Digest, writeDigest } from '../../engine/summary/digest.ts';
import { estimateTokens } from '../../engine/summary/estimate-tokens.ts';
import type { SummaryFacts } from '../../engine/summary/facts.ts';
import { answerSchemaFor, writePrompt } from '../../engine/summary/prompt.ts';
import { readWords } from '../../engine/summary/read-words.ts';
import { wordsFromFindings } from '../../engine/summary/words-from-findings.ts';
import type { DropReason, Words } from '../../engine/summary/words.ts';
import { Redactor } from '../../engine/redaction/redactor.ts';
import type { WordsAnswer, WordsRequest } from '../../http/words-schema.ts';
import type { Clock, Generated, Models } from '../../ports.ts';
import { inTime } from './in-time.ts';
import { answerOf } from './words-answer.ts';

export interface SummaryOptions {
  /** Null when no model is configured. */
  readonly models: Models | null;
  readonly clock: Clock;
  /** For the whole of a summary, whatever the model does. */
  readonly timeoutMs: number;
  readonly promptTokensMax: number;
  readonly answerTokensMax: number;
  /** False only where the operator said so: for models of this machine, and for those elsewhere. */
  readonly redactLocal: boolean;
  readonly redactRemote: boolean;
  /** What the user set for all summaries. */
  readonly defaults: () => Promise<SummaryDefaults>;
  /** The text of a template. Throws `not_found`. */
  readonly templateText: (name: string) => Promise<string>;
}

interface SummaryDefaults {
  readonly model: string | null;
  readonly template: string;
  readonly instruction: string;
  readonly language: string;
  /** Names that no model may see, besides those of the environment. */
  readonly redactedNames: readonly string[];
}

export interface PreparedPrompt {
  readonly redactor: Redactor | null;
  readonly digest: Digest;
  readonly messages: ReturnType<typeof writePrompt>;
  readonly tokens: number;
  readonly template: string;
  readonly language: string;
  readonly model: string | undefined;
}

/**
 * Findings in words. A model's statements are kept only as far as the findings bear them out; without a model, or with
 * one that is down, slow or talks nonsense, the words are those of the findings, and a warning says why. Throws
 * `invalid_request` and `not_found` for a wrong request, and `cancelled`; never because of a model.
 */
export async function writeWords(
  options: SummaryOptions,
  facts: SummaryFacts,
  request: WordsRequest,
  signal: AbortSignal,
): Promise<WordsAnswer> {
  const startedMs = options.clock();
  const prepared = await preparePrompt(options, facts, request);
  const asked = await askModel(options, prepared, signal);
  const took = () => Math.round(options.clock() - startedMs);
  if ('warning' in asked) return fromFindings(facts, prepared, [asked.warning], {}, took());
  const { generated } = asked;
  const read = readWords(generated.text);
  if (!read) {
    const nonsense = `The model ${generated.model} answered something else than what was asked for; this is the summary of the findings. Try another model.`;
    return fromFindings(facts, prepared, [nonsense, ...generated.failures], {}, took(), generated);
  }
  const { redactor, digest } = prepared;
  const bare = (text: string) => redactor?.withoutPlaceholders(text) ?? { text, invented: false };
  const { words, dropped, kept } = checkWords(read, digest, bare);
  if (kept === 0) {
    const empty = `No statement of the model ${generated.model} is borne out by the findings; this is the summary of the findings.`;
    return fromFindings(facts, prepared, [empty, ...generated.failures], dropped, took(), generated);
  }
  const ownSummary = () =>
    wordsFromFindings(facts, digest).summary.map((one) => ({
      ...one,
      text: redactor?.redact(one.text) ?? one.text,
    }));
  const whole = words.summary.length > 0 ? words : { ...words, summary: ownSummary() };
  return answerOf({
    source: 'model',
    words: whole,
    dropped,
    prepared,
    generated,
    warnings: generated.failures,
    tookMs: took(),
  });
}

/** The prompt that a request leads to, within its budget of tokens. Throws `invalid_request` and `not_found`. */
export async function preparePrompt(
  options: Omit<SummaryOptions, 'timeoutMs' | 'clock' | 'answerTokensMax'>,
  facts: SummaryFacts,
  request: WordsRequest,
): Promise<PreparedPrompt> {
  const defaults = await options.defaults();
  const template = request.template ?? defaults.template;
  const wishes = {
    template: await options.templateText(template),
    instruction: request.instruction ?? defaults.instruction,
    language: request.language ?? defaults.language,
  };
  const model = request.model ?? defaults.model ?? undefined;
  const isLocal = options.models?.isLocal?.('summaries', model) ?? false;
  const redactor = (isLocal ? options.redactLocal : options.redactRemote)
    ? new Redactor(defaults.redactedNames)
    : null;
  const redact = (text: string) => redactor?.redact(text) ?? text;
  const tokensOf = (digest: Digest) =>
    writePrompt({ ...wishes, digest }).reduce((sum, { content }) => sum + estimateTokens(content), 0);
  const empty = writeDigest({ ...facts, findings: [], suspects: [], services: [] }, { tokensMax: 0, redact });
  const tokensMax = options.promptTokensMax - tokensOf(empty);
  if (tokensMax < DIGEST_TOKENS_MIN)
    throw new AppError(
      'invalid_request',
      `Template and instruction leave no room for the findings in a prompt of ${options.promptTokensMax} tokens. Shorten them, or raise SUMMARY_PROMPT_TOKENS_MAX.`,
    );
  const digest = writeDigest(facts, { tokensMax, redact });
  const messages = writePrompt({ ...wishes, digest });
  return { redactor, digest, messages, tokens: tokensOf(digest), template, language: wishes.language, model };
}

const DIGEST_TOKENS_MIN = 300;

type Asked = { readonly generated: Generated } | { readonly warning: string };

/** Whatever a model does, this ends within the time limit. */
async function askModel(
  { models, timeoutMs, answerTokensMax }: SummaryOptions,
  { messages, digest, model }: PreparedPrompt,
  signal: AbortSignal,
): Promise<Asked> {
  if (!models || !(model || models.has('summaries')))
    return {
      warning:
        'No model is configured for summaries; this is the summary of the findings. MODELS_CONFIG names the models.',
    };
  try {
    const generated = await inTime(timeoutMs, signal, (limited) =>
      models.generate({
        purpose: 'summaries',
        model,
        messages,
        schema: answerSchemaFor(digest),
        tokensMax: answerTokensMax,
        temperature: 0,
        timeoutMs,
        signal: limited,
      }),
    );
    return { generated };
  } catch (error) {
    if (signal.aborted)
      throw new AppError('cancelled', 'The caller went away before the summary was written. Ask again.', {
        cause: error,
      });
    // A name that no model has is the caller's mistake, and is told; everything else is the model's, and is borne.
    if (error instanceof AppError && model && error.code === 'not_found') throw error;
    const reason = error instanceof AppError ? error.message : 'it failed in a way that nobody foresaw.';
    return { warning: `The model gave no answer: ${reason} This is the summary of the findings.` };
  }
}

function fromFindings(
  facts: SummaryFacts,
  prepared: PreparedPrompt,
  warnings: readonly string[],
  dropped: Readonly<Partial<Record<DropReason, number>>>,
  tookMs: number,
  generated: Generated | null = null,
): WordsAnswer {
  const words: Words = wordsFromFindings(facts, prepared.digest);
  return answerOf({ source: 'findings', words, dropped, prepared, generated, warnings, tookMs });
}
