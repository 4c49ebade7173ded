import { BUILT_IN_TEMPLATES } from '../../src/engine/summary/prompt.ts';
import type { SummaryOptions } from '../../src/features/summaries/write-words.ts';
import type { Models } from '../../src/ports.ts';

export type SummaryLimits = Pick<SummaryOptions, 'timeoutMs' | 'promptTokensMax' | 'answerTokensMax'>;

/** Words as the service writes them with nothing configured but the model. */
export function benchOptions(models: Models | null, limits: SummaryLimits): SummaryOptions {
  return {
    ...limits,
    models,
    clock: Date.now,
    redactLocal: true,
    redactRemote: true,
    defaults: async () => ({
      model: null,
      template: 'default',
      instruction: '',
      language: 'English',
      redactedNames: [],
    }),
    templateText: async () => BUILT_IN_TEMPLATES.default,
  };
}
