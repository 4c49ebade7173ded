import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';
import { PROMPT_VERSION } from '../../engine/summary/prompt.ts';
import type { SummaryFacts } from '../../engine/summary/facts.ts';
import type { WordsAnswer, WordsRequest } from '../../http/words-schema.ts';
import type { Clock, Models } from '../../ports.ts';
import { EXAMPLE_FACTS } from './example-facts.ts';
import { templateText } from './prompt-templates.ts';
import type { SettingsStore } from './settings.ts';
import { preparePrompt, type SummaryOptions, writeWords } from './write-words.ts';

export interface SummariesOptions extends Omit<SummaryOptions, 'defaults' | 'templateText'> {
  readonly models: Models | null;
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  /** Of the environment. */
  readonly redactedNames: readonly string[];
}

/** Words for whoever has findings, with the templates and settings of the database. */
export class Summaries {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly #options: SummaryOptions;

  constructor({ db, settings, redactedNames, ...options }: SummariesOptions) {
    this.db = db;
    this.clock = options.clock;
    this.settings = settings;
    this.#options = {
      ...options,
      templateText: (name) => templateText(db, name),
      defaults: async () => {
        const { model, template, instruction, language, redacted_names } = await settings.current();
        return {
          model,
          template,
          instruction,
          language,
          redactedNames: [...redactedNames, ...redacted_names],
        };
      },
    };
  }

  /** Throws like writeWords. */
  write(facts: SummaryFacts, request: WordsRequest, signal: AbortSignal): Promise<WordsAnswer> {
    return writeWords(this.#options, facts, request, signal);
  }

  /**
   * What is wrong and why in a model's words, within the time limit of summaries; null without a model, and with one
   * that is down, slow or says nothing that holds. Throws `cancelled`.
   */
  async retell(facts: SummaryFacts, signal: AbortSignal): Promise<string | null> {
    if (!this.#options.models?.has('summaries')) return null;
    const { source, sections } = await this.write(facts, {}, signal);
    if (source !== 'model') return null;
    const { summary, probable_cause } = sections;
    return [...summary, ...probable_cause].map(({ text }) => text).join(' ');
  }

  /** The prompt for an example, with `text` in place of a stored template. */
  async preview(request: WordsRequest, text: string | undefined) {
    const options = text === undefined ? this.#options : { ...this.#options, templateText: async () => text };
    const { messages, tokens } = await preparePrompt(options, EXAMPLE_FACTS, request);
    return { prompt_version: PROMPT_VERSION, prompt_tokens: tokens, messages: [...messages] };
  }
}
