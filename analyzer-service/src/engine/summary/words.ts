export const SECTIONS = [
  'summary',
  'what_is_wrong',
  'probable_cause',
  'what_to_do_next',
  'what_is_uncertain',
] as const;
export type Section = (typeof SECTIONS)[number];

/** A sentence and the ids of the pieces of the digest that prove it. */
export interface Statement {
  readonly text: string;
  readonly evidence: readonly string[];
}

export type Words = Readonly<Record<Section, readonly Statement[]>>;

export function bySection(statementsOf: (section: Section) => readonly Statement[]): Words {
  return Object.fromEntries(SECTIONS.map((section) => [section, statementsOf(section)])) as unknown as Words;
}

/** Why a statement of a model was left out. */
export type DropReason =
  | 'malformed'
  | 'no_evidence'
  | 'unknown_number'
  | 'unknown_service'
  | 'unsupported'
  | 'contradiction'
  | 'unsafe';

export const STATEMENTS_MAX: Readonly<Record<Section, number>> = {
  summary: 3,
  what_is_wrong: 5,
  probable_cause: 3,
  what_to_do_next: 5,
  what_is_uncertain: 3,
};
export const STATEMENT_CHARACTERS_MAX = 600;
export const CITATIONS_MAX = 6;
