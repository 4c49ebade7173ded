import type { PatternDefinition } from '../../../engine/library/known-pattern.ts';
import { type PatternNote, type PatternSet, patternSet } from '../../../engine/library/pattern-set.ts';
import { AppError } from '../../../errors.ts';

/** The patterns compiled alone. Throws `invalid_request` with what is wrong with them and how to write it. */
export function compilePatterns(notes: readonly PatternNote[]): PatternSet {
  try {
    return patternSet('', notes);
  } catch (error) {
    throw new AppError(
      'invalid_request',
      `${(error as Error).message.replace(/\.$/, '')}. POST …/patterns/test tries a pattern without keeping it.`,
      { cause: error },
    );
  }
}

export interface OwnPattern {
  readonly name: string;
  readonly text?: string | undefined;
  readonly regex?: string | undefined;
  readonly literals?: readonly string[] | undefined;
  readonly category: PatternDefinition['category'];
  readonly severity: PatternDefinition['severity'];
  readonly meaning?: string | undefined;
  readonly causes: readonly string[];
  readonly next_steps: readonly string[];
  readonly pinned: boolean;
  readonly muted: boolean;
}

/** A pattern of a user as it is kept. */
export function ownNote(id: string, pattern: OwnPattern): PatternNote {
  const { name, text, regex, literals, category, severity, causes, next_steps, pinned, muted } = pattern;
  const definition: PatternDefinition = {
    id,
    category,
    severity,
    meaning: pattern.meaning ?? `A line of the pattern "${name}".`,
    causes,
    nextSteps: next_steps,
    literals: text === undefined ? (literals ?? []) : [],
    ...(regex !== undefined && { regex }),
  };
  return { id, name, text: text ?? null, definition, pinned, muted };
}
