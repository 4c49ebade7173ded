import type { SummaryFacts } from '../../src/engine/summary/facts.ts';
import type { WordsAnswer } from '../../src/http/words-schema.ts';
import type { SummaryCase } from './cases.ts';

export interface Verdict {
  readonly case: string;
  readonly model: string;
  readonly source: WordsAnswer['source'];
  readonly namesService: boolean;
  /** Null where the cause shows in no line. */
  readonly namesCause: boolean | null;
  readonly citationsValid: boolean;
  readonly statements: number;
  readonly dropped: number;
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly tookMs: number;
  /**
   * Where it went wrong, if it did. plumbing: no answer came (away, key refused, too slow). model: an answer came that was
   * nonsense, was not borne out, or told less than the findings. findings: they themselves do not hold the truth.
   */
  readonly fault: 'none' | 'model' | 'plumbing' | 'findings';
}

/** Holds the words of one case against its truth. */
export function judge(truth: SummaryCase, facts: SummaryFacts, words: WordsAnswer, asked: string): Verdict {
  const sections = Object.values(words.sections).flat();
  const told = [...words.sections.summary, ...words.sections.probable_cause]
    .map(({ text }) => text)
    .join('\n');
  const everything = sections.map(({ text }) => text).join('\n');
  const namesService = holdsName(told, truth.service);
  const namesCause = truth.cause ? truth.cause.test(everything) : null;
  const isRight = namesService && namesCause !== false;
  const citationsValid = sections.every(
    ({ evidence }) => evidence.length > 0 && evidence.every((id) => Object.hasOwn(words.evidence, id)),
  );
  const isAnswered = words.model !== null;
  const fault = (): Verdict['fault'] => {
    if (asked !== 'none' && !isAnswered) return saidNo(words) ? 'model' : 'plumbing';
    if (asked !== 'none' && words.source === 'findings') return 'model';
    if (isRight && citationsValid) return 'none';
    if (asked === 'none') return 'findings';
    return facts.suspects[0]?.service === truth.service ? 'model' : 'findings';
  };
  return {
    case: truth.id,
    model: asked,
    source: words.source,
    namesService,
    namesCause,
    citationsValid,
    statements: sections.length,
    dropped: words.dropped.total,
    promptTokens: words.prompt_tokens,
    answerTokens: words.answer_tokens,
    tookMs: words.took_ms,
    fault: fault(),
  };
}

/** One row a model, in percent of its cases. */
export function table(
  verdicts: readonly Verdict[],
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const models = [...new Set(verdicts.map(({ model }) => model))];
  return Object.fromEntries(
    models.map((model) => {
      const own = verdicts.filter((verdict) => verdict.model === model);
      const judged = own.filter(({ namesCause }) => namesCause !== null);
      const share = (part: number, whole: number) =>
        whole === 0 ? 0 : Math.round((1_000 * part) / whole) / 10;
      const mean = (pick: (verdict: Verdict) => number) =>
        Math.round(own.reduce((sum, verdict) => sum + pick(verdict), 0) / own.length);
      const faults = (fault: Verdict['fault']) => own.filter((verdict) => verdict.fault === fault).length;
      const row = {
        cases: own.length,
        'service %': share(own.filter(({ namesService }) => namesService).length, own.length),
        'cause %': share(judged.filter(({ namesCause }) => namesCause).length, judged.length),
        'cited %': share(own.filter(({ citationsValid }) => citationsValid).length, own.length),
        'own words %': share(own.filter(({ source }) => source === 'model').length, own.length),
        dropped: mean(({ dropped }) => dropped),
        'prompt tokens': mean(({ promptTokens }) => promptTokens),
        ms: mean(({ tookMs }) => tookMs),
        'fault: model': faults('model'),
        'fault: plumbing': faults('plumbing'),
        'fault: findings': faults('findings'),
      };
      return [model, row];
    }),
  );
}

/** The model was reached, and refused or wrote nothing of the asked form: the manager tells that as a failure too. */
function saidNo({ warnings }: WordsAnswer): boolean {
  return warnings.some((warning) => /it refused: |it wrote (?:nothing of|something else than)/.test(warning));
}

function holdsName(text: string, service: string): boolean {
  return new RegExp(`(?<![\\w-])${service.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'i').test(text);
}
