import { plural } from '../findings/wording.ts';
import type { CountSeries } from '../investigation/exact-counts.ts';
import { SEVERITIES, type Finding, type Suspect } from '../finding.ts';
import { type TimeRange, isErrorLevel } from '../log-line.ts';

export interface SummaryInput {
  /** Ranked. */
  readonly findings: readonly Finding[];
  /** Best first. */
  readonly suspects: readonly Suspect[];
  /** Counts of the window. */
  readonly counts: readonly CountSeries[];
  readonly baseline: TimeRange | null;
}

/**
 * The findings in a few plain sentences: what is wrong and since when, where it most likely started and why, what to
 * do next. Says nothing that no finding says, and says so when there is nothing.
 */
export function writeSummary(input: SummaryInput): string {
  const { findings, suspects, baseline } = input;
  const lines = sum(input.counts);
  if (lines === 0 && findings.length === 0) return 'No lines in this window: nothing can be said about it.';
  const serious = findings.filter(
    ({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf('medium'),
  );
  if (serious.length === 0)
    return `${quietSentence(input, lines)}${findings[0] ? ` Of note: ${sentence(findings[0].title)}` : ''}`;
  const [first, ...others] = serious;
  return [
    baseline ? '' : 'Without a baseline, only what stands out inside the window can be told.',
    first ? sentence(first.title) : '',
    originSentence(suspects, serious),
    othersSentence(others),
    nextStepSentence(serious, suspects),
  ]
    .filter(Boolean)
    .join(' ');
}

function quietSentence({ counts, baseline }: SummaryInput, lines: number): string {
  const errors = sum(counts.filter(({ level }) => isErrorLevel(level)));
  const figures = `${plural(lines, 'line')}, ${errors.toLocaleString('en')} of them errors`;
  return baseline
    ? `Nothing differs from the baseline in a way that chance does not explain (${figures}).`
    : `Nothing stands out inside this window (${figures}).`;
}

/** Who is to blame and why, without saying the headline again; nothing where only one service is concerned. */
function originSentence(suspects: readonly Suspect[], serious: readonly Finding[]): string {
  const [first, second] = suspects;
  if (!first) return 'No service stands out as the origin.';
  if (serious.every(({ service, affected }) => service === first.service && affected.length === 0)) return '';
  const reason = first.reasons.find((text) => text !== serious[0]?.title) ?? '';
  const near = second && second.score > first.score * 0.9 ? `, with ${second.service} nearly as likely` : '';
  return `It most likely started in ${first.service || 'the only log'}${near}${reason ? ': ' : ''}${sentence(reason)}`;
}

function othersSentence(others: readonly Finding[]): string {
  if (others.length === 0) return '';
  const services = [...new Set(others.map(({ service }) => service).filter(Boolean))];
  const where =
    services.length > 0
      ? ` in ${services.slice(0, 4).join(', ')}${services.length > 4 ? ' and others' : ''}`
      : '';
  return `${others.length} further finding${others.length > 1 ? 's' : ''}${where}.`;
}

/** The next step of the suspect's own known pattern comes before that of louder ones. */
function nextStepSentence(findings: readonly Finding[], suspects: readonly Suspect[]): string {
  const known = findings.filter(({ pattern }) => pattern && pattern.nextSteps.length > 0);
  const best = known.find(({ service }) => service === suspects[0]?.service) ?? known[0];
  const step = best?.pattern?.nextSteps[0];
  return step ? `Next: ${sentence(step)}` : '';
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

function sum(counts: readonly CountSeries[]): number {
  return counts.reduce((all, series) => all + series.counts.reduce((total, count) => total + count, 0), 0);
}
