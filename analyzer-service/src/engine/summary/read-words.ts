import {
  bySection,
  SECTIONS,
  STATEMENTS_MAX,
  STATEMENT_CHARACTERS_MAX,
  type Statement,
  type Words,
} from './words.ts';

export interface ReadWords {
  readonly sections: Words;
  /** Items that are no statements, too long, or too many. */
  readonly malformed: number;
}

const ANSWER_CHARACTERS_MAX = 200_000;

/** A model's answer as statements; null when it is something else than the JSON that was asked for. */
export function readWords(answer: string): ReadWords | null {
  const value = parseObject(answer.slice(0, ANSWER_CHARACTERS_MAX));
  if (!value || !SECTIONS.some((section) => Array.isArray(value[section]))) return null;
  let malformed = 0;
  const sections = bySection((section) => {
    const items: readonly unknown[] = Array.isArray(value[section]) ? value[section] : [];
    const statements = items.slice(0, STATEMENTS_MAX[section]).flatMap((item) => readStatement(item) ?? []);
    malformed += items.length - statements.length;
    return statements;
  });
  return { sections, malformed };
}

function readStatement(item: unknown): Statement | null {
  if (typeof item !== 'object' || item === null) return null;
  const { text, evidence } = item as { readonly text?: unknown; readonly evidence?: unknown };
  if (typeof text !== 'string' || text.trim() === '' || text.length > STATEMENT_CHARACTERS_MAX) return null;
  const ids = Array.isArray(evidence) ? evidence.filter((id): id is string => typeof id === 'string') : [];
  return { text: text.replaceAll(/\s+/g, ' ').trim(), evidence: ids.slice(0, 20) };
}

/** Models wrap JSON into fences and sentences. */
function parseObject(answer: string): Readonly<Record<string, unknown>> | null {
  const start = answer.indexOf('{');
  const end = answer.lastIndexOf('}');
  if (start === -1 || end <= start) return null;
  try {
    const value: unknown = JSON.parse(answer.slice(start, end + 1));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
