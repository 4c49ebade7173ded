import { RE2JS } from 're2js';
import type { KnownPattern } from '../../engine/library/known-pattern.ts';
import type { PatternSet } from '../../engine/library/pattern-set.ts';
import type { LogLine } from '../../engine/log-line.ts';
import { AppError } from '../../errors.ts';
import type { ServerMessage, StreamFilter } from './schema.ts';
import { writeLine } from './write-line.ts';

export type Alert = Extract<ServerMessage, { type: 'alert' }>;

/** After an alert, further lines of the same pattern and service are counted for this long before the next. */
const QUIET_MS = 10_000;
/** Patterns with services of which alerts are held apart; hostile lines cannot make them more. */
const SUBJECTS_MAX = 1_000;
const CHARACTERS_MAX = 8_192;

interface Subject {
  readonly describe: (count: number, line: LogLine) => Alert;
  lastAlertMs: number;
  waiting: number;
  line: LogLine;
}

/** Alerts for lines that match a client's patterns, the library's or users' own: the first at once, then one for many. */
export class PatternAlerts {
  readonly #patterns: readonly { readonly name: string; readonly matches: (text: string) => boolean }[];
  readonly #known: (() => PatternSet) | null;
  readonly #subjects = new Map<string, Subject>();

  /** Throws `invalid_request` for an expression that is no RE2. */
  constructor({ patterns, known_patterns }: StreamFilter, known: () => PatternSet) {
    this.#patterns = patterns.map((pattern) => ({ name: pattern.name, matches: compile(pattern) }));
    this.#known = known_patterns ? known : null;
  }

  /** Alerts that are due for these lines. */
  look(lines: readonly LogLine[], nowMs: number): readonly Alert[] {
    const alerts: Alert[] = [];
    const set = this.#known?.() ?? null;
    for (const line of lines) {
      const text = line.text.length > CHARACTERS_MAX ? line.text.slice(0, CHARACTERS_MAX) : line.text;
      for (const { name, matches } of this.#patterns)
        if (matches(text)) this.#note(alerts, 'pattern', name, line, nowMs, describePattern(name));
      const known = set?.match(text);
      if (known && set?.isMuted(null, known.id) === false)
        this.#note(alerts, 'known_pattern', known.id, line, nowMs, describeKnown(known));
    }
    return alerts;
  }

  /** Alerts for what was counted while they were quiet. */
  due(nowMs: number): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const [key, subject] of this.#subjects) {
      if (nowMs - subject.lastAlertMs < QUIET_MS) continue;
      if (subject.waiting === 0) this.#subjects.delete(key);
      else alerts.push(raise(subject, nowMs));
    }
    return alerts;
  }

  #note(
    alerts: Alert[],
    kind: Alert['kind'],
    name: string,
    line: LogLine,
    nowMs: number,
    describe: Subject['describe'],
  ): void {
    const key = JSON.stringify([kind, name, line.service]);
    const known = this.#subjects.get(key);
    if (known) {
      known.waiting++;
      known.line = line;
      return;
    }
    if (this.#subjects.size >= SUBJECTS_MAX) return;
    const subject = { describe, lastAlertMs: nowMs, waiting: 1, line };
    this.#subjects.set(key, subject);
    alerts.push(raise(subject, nowMs));
  }
}

function raise(subject: Subject, nowMs: number): Alert {
  const { describe, waiting, line } = subject;
  subject.waiting = 0;
  subject.lastAlertMs = nowMs;
  return describe(waiting, line);
}

function describePattern(name: string): Subject['describe'] {
  return (count, line) => ({
    ...described('pattern', count, line),
    severity: 'info',
    name,
    title: `${times(count)} matched "${name}" in ${line.service || 'a service without a name'}.`,
  });
}

function describeKnown(known: KnownPattern): Subject['describe'] {
  return (count, line) => ({
    ...described('known_pattern', count, line),
    severity: known.severity,
    name: known.id,
    title: `${known.meaning} ${times(count)} in ${line.service || 'a service without a name'}.`,
  });
}

function described<Kind extends Alert['kind']>(kind: Kind, count: number, line: LogLine) {
  const evidence = writeLine(line);
  return { type: 'alert' as const, kind, state: 'raised' as const, service: line.service, count, evidence };
}

function times(count: number): string {
  return count === 1 ? '1 line' : `${count.toLocaleString('en')} lines`;
}

function compile({ name, contains, regex }: StreamFilter['patterns'][number]): (text: string) => boolean {
  const wanted = contains?.toLowerCase();
  if (wanted !== undefined) return (text) => text.toLowerCase().includes(wanted);
  try {
    const compiled = RE2JS.compile(regex ?? '');
    return (text) => compiled.test(text);
  } catch (error) {
    throw new AppError(
      'invalid_request',
      `The regex of pattern "${name}" is no RE2: ${(error as Error).message}. RE2 has no lookaround and no backreferences.`,
      { cause: error },
    );
  }
}
