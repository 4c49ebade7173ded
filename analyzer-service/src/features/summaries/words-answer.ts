import { PROMPT_VERSION } from '../../engine/summary/prompt.ts';
import { joinWords } from '../../engine/summary/words-from-findings.ts';
import { bySection, type DropReason, SECTIONS, type Words } from '../../engine/summary/words.ts';
import type { WordsAnswer } from '../../http/words-schema.ts';
import type { Generated } from '../../ports.ts';
import type { PreparedPrompt } from './write-words.ts';

/** Words as the API says them, with every hidden value put back for the reader. */
export function answerOf(written: {
  readonly source: WordsAnswer['source'];
  readonly words: Words;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly prepared: PreparedPrompt;
  /** The model's answer, also when none of it holds. */
  readonly generated: Generated | null;
  readonly warnings: readonly string[];
  readonly tookMs: number;
}): WordsAnswer {
  const { source, dropped, prepared, generated, warnings, tookMs } = written;
  const { redactor, digest, tokens, template, language } = prepared;
  const restore = (text: string) => redactor?.restore(text) ?? text;
  const words =
    source === 'findings'
      ? written.words
      : bySection((section) =>
          written.words[section].map(({ text, evidence }) => ({ text: restore(text), evidence })),
        );
  const cited = new Set(SECTIONS.flatMap((section) => words[section].flatMap(({ evidence }) => evidence)));
  const evidence = [...digest.pieces.values()]
    .filter(({ id }) => cited.has(id))
    .map(({ id, text, findingId, services }) => [
      id,
      {
        text: restore(text.slice(id.length + 1)),
        finding_id: findingId,
        services: services.map(restore),
      },
    ]);
  return {
    source,
    text: joinWords(words),
    sections: Object.fromEntries(
      SECTIONS.map((section) => [
        section,
        words[section].map((one) => ({ text: one.text, evidence: [...one.evidence] })),
      ]),
    ) as unknown as WordsAnswer['sections'],
    evidence: Object.fromEntries(evidence) as WordsAnswer['evidence'],
    dropped: {
      total: Object.values(dropped).reduce((sum, count) => sum + count, 0),
      reasons: { ...dropped },
    },
    redacted: generated && redactor ? { ...redactor.counts } : null,
    model: generated?.model ?? null,
    local: generated?.local ?? null,
    prompt_version: PROMPT_VERSION,
    template,
    language,
    prompt_tokens: generated ? generated.promptTokens || tokens : 0,
    answer_tokens: generated?.answerTokens ?? 0,
    took_ms: tookMs,
    warnings: [
      ...warnings,
      ...(digest.hostile > 0
        ? [`${digest.hostile} texts of the logs speak to a model; it did not get to see them.`]
        : []),
    ],
  };
}
