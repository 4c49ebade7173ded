import { SEVERITIES } from '../finding.ts';
import type { Digest } from './digest.ts';
import type { SummaryFacts } from './facts.ts';
import { STATEMENTS_MAX, type Statement, type Words } from './words.ts';

/** The sections without any model: titles, reasons and next steps of the findings, each with the piece that proves it. */
export function wordsFromFindings(facts: SummaryFacts, digest: Digest): Words {
  const serious = facts.findings
    .map((finding, index) => ({ finding, id: `F${index + 1}` }))
    .filter(({ finding }) => SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf('medium'));
  const [first] = facts.suspects;
  const cite = (...ids: readonly string[]) => {
    const existing = ids.filter((id) => digest.pieces.has(id));
    return existing.length > 0 ? existing : ['C0'];
  };
  const steps = serious
    .toSorted(
      (a, b) => Number(b.finding.service === first?.service) - Number(a.finding.service === first?.service),
    )
    .flatMap(({ finding, id }) =>
      finding.nextSteps.slice(0, 2).map((text) => ({ text, evidence: cite(id) })),
    );
  return {
    summary: [
      {
        text: facts.summary,
        evidence: cite(first ? 'S1' : 'C0', ...serious.slice(0, 1).map(({ id }) => id)),
      },
    ],
    what_is_wrong: serious
      .slice(0, STATEMENTS_MAX.what_is_wrong)
      .map(({ finding, id }) => ({ text: finding.title, evidence: cite(id) })),
    probable_cause: first
      ? [
          {
            text: `${first.service || 'The only log'}: ${first.reasons[0] ?? 'it failed first'}`,
            evidence: cite('S1'),
          },
        ]
      : [],
    what_to_do_next: distinct(steps).slice(0, STATEMENTS_MAX.what_to_do_next),
    what_is_uncertain: uncertainties(facts).map((text) => ({ text, evidence: cite('C0') })),
  };
}

/** The sections as one text, for readers who want no more. */
export function joinWords(words: Words): string {
  const texts = (statements: readonly Statement[]) => statements.map(({ text }) => text).join(' ');
  return [
    texts(words.summary.length > 0 ? words.summary : words.what_is_wrong),
    ...(words.probable_cause.length > 0 ? [`Probable cause: ${texts(words.probable_cause)}`] : []),
    ...(words.what_to_do_next.length > 0 ? [`Next: ${texts(words.what_to_do_next)}`] : []),
    ...(words.what_is_uncertain.length > 0 ? [`Uncertain: ${texts(words.what_is_uncertain)}`] : []),
  ]
    .filter(Boolean)
    .join('\n');
}

function uncertainties({ baseline, suspects, notes, findings }: SummaryFacts): readonly string[] {
  const [first, second] = suspects;
  return [
    ...(baseline
      ? []
      : ['There was nothing to compare with: only what stands out inside the window can be told.']),
    ...(first && second && second.score > first.score * 0.9
      ? [`${second.service} is nearly as suspect as ${first.service}.`]
      : []),
    ...(findings.length > 0 && !first ? ['No service stands out as the origin.'] : []),
    ...notes,
  ].slice(0, STATEMENTS_MAX.what_is_uncertain);
}

function distinct(statements: readonly Statement[]): readonly Statement[] {
  return [...new Map(statements.map((statement) => [statement.text, statement])).values()];
}
