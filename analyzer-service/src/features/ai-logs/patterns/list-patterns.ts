import { type Kysely, sql } from 'kysely';
import type { Database, PatternNoteRow } from '../../../database.ts';
import { KNOWN_PATTERNS } from '../../../engine/library/library.ts';
import type { PatternDefinition } from '../../../engine/library/known-pattern.ts';
import { isoTime } from '../iso-time.ts';
import { noteOf } from './pattern-book.ts';
import type { Pattern, PatternsAnswer, PatternsQuery } from './schema.ts';

interface Learned {
  readonly template_id: string;
  readonly wording: string;
  readonly lines: number;
  readonly first_ms: number;
  readonly last_ms: number;
}

/** Pinned ones first, then own, known and learned ones; learned ones with most lines first. */
export async function listPatterns(
  db: Kysely<Database>,
  rows: readonly PatternNoteRow[],
  query: PatternsQuery,
): Promise<PatternsAnswer> {
  const { origin, search, muted, limit, offset } = query;
  const named = rows.filter((row) => row.origin === 'learned');
  const seen = await learnedTemplates(db, { ids: named.map(({ id }) => id), limit: named.length });
  const said = [
    ...rows.filter((row) => row.origin === 'own').map((row) => written(row, noteOf(row).definition)),
    ...KNOWN_PATTERNS.map((pattern) => libraryPattern(pattern, rows)),
    ...named.map((row) => ({ ...written(row, null), ...writeSeen(seen.find(isOf(row.id))) })),
  ]
    .filter((pattern) => fits(pattern, query))
    .sort((a, b) => Number(b.pinned) - Number(a.pinned));
  const page = said.slice(offset, offset + limit);
  const others = { search, not: named.map(({ id }) => id) };
  const askLearned = (origin === undefined || origin === 'learned') && muted !== 'true';
  const learnedTotal = askLearned ? await countLearned(db, others) : 0;
  const room = limit - page.length;
  const learned =
    askLearned && room > 0
      ? await learnedTemplates(db, { ...others, limit: room, offset: Math.max(0, offset - said.length) })
      : [];
  const patterns = await withServices(db, [...page, ...learned.map(learnedPattern)]);
  const total = said.length + learnedTotal;
  return { patterns, total, left_out: Math.max(0, total - offset - patterns.length) };
}

/** One pattern as the list tells it; null when there is none. */
export async function findPattern(
  db: Kysely<Database>,
  rows: readonly PatternNoteRow[],
  id: string,
): Promise<Pattern | null> {
  const row = rows.find(isNamed(id));
  const known = KNOWN_PATTERNS.find((pattern) => pattern.id === id);
  if (known) return libraryPattern(known, rows);
  if (row?.origin === 'own') return written(row, noteOf(row).definition);
  const [learned] = await learnedTemplates(db, { ids: [id], limit: 1 });
  if (!learned && !row) return null;
  const pattern = learned ? learnedPattern(learned) : null;
  const [found] = await withServices(db, [
    { ...pattern, ...(row && written(row, null)), ...writeSeen(learned) } as Pattern,
  ]);
  return found ?? null;
}

interface LearnedQuestion {
  readonly ids?: readonly string[];
  readonly not?: readonly string[];
  readonly search?: string | undefined;
  readonly limit: number;
  readonly offset?: number;
}

async function learnedTemplates(
  db: Kysely<Database>,
  { limit, offset = 0, ...question }: LearnedQuestion,
): Promise<readonly Learned[]> {
  if (limit === 0) return [];
  return selected(db, question)
    .select(({ fn }) => [
      'template_id',
      fn.min('wording').as('wording'),
      sql<number>`cast(sum(${sql.ref('lines')}) as bigint)`.as('lines'),
      fn.min('first_ms').as('first_ms'),
      fn.max('last_ms').as('last_ms'),
    ])
    .groupBy('template_id')
    .orderBy('lines', 'desc')
    .orderBy('template_id')
    .limit(limit)
    .offset(offset)
    .execute();
}

async function countLearned(db: Kysely<Database>, question: Omit<LearnedQuestion, 'limit'>): Promise<number> {
  const { templates } = await selected(db, question)
    .select(({ fn }) => fn.count<number>('template_id').distinct().as('templates'))
    .executeTakeFirstOrThrow();
  return templates;
}

function selected(db: Kysely<Database>, { ids, not = [], search }: Omit<LearnedQuestion, 'limit'>) {
  let query = db.selectFrom('learned_templates');
  if (ids) query = query.where('template_id', 'in', [...ids]);
  if (not.length > 0) query = query.where('template_id', 'not in', [...not]);
  if (search !== undefined) {
    const anywhere = `%${search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where(sql<boolean>`lower(wording) like ${anywhere} escape '\\'`);
  }
  return query;
}

async function withServices(db: Kysely<Database>, patterns: readonly Pattern[]): Promise<Pattern[]> {
  const ids = patterns.filter(({ origin }) => origin === 'learned').map(({ id }) => id);
  if (ids.length === 0) return [...patterns];
  const places = await db
    .selectFrom('learned_templates')
    .select(['template_id', 'service'])
    .distinct()
    .where('template_id', 'in', ids)
    .orderBy('service')
    .execute();
  return patterns.map((pattern) => ({
    ...pattern,
    services: places.filter(isOf(pattern.id)).map(({ service }) => service),
  }));
}

const UNSEEN = { services: [], lines: null, first_seen: null, last_seen: null };
const WORDLESS = { category: null, severity: null, meaning: null, causes: [], next_steps: [] };

function libraryPattern(known: PatternDefinition, rows: readonly PatternNoteRow[]): Pattern {
  const row = rows.find(isNamed(known.id));
  const unsaid = { pinned: false, muted: false, changed: null, changed_by: null };
  return {
    id: known.id,
    origin: 'library',
    name: row?.name ?? known.id,
    text: null,
    ...wordsOf(known),
    ...UNSEEN,
    ...(row ? marksOf(row) : unsaid),
  };
}

function learnedPattern({ template_id, wording, ...seen }: Learned): Pattern {
  return {
    id: template_id,
    origin: 'learned',
    name: `template ${template_id}`,
    text: wording,
    regex: null,
    literals: [],
    ...WORDLESS,
    ...UNSEEN,
    ...writeSeen({ template_id, wording, ...seen }),
    pinned: false,
    muted: false,
    changed: null,
    changed_by: null,
  };
}

function written(row: PatternNoteRow, definition: PatternDefinition | null): Pattern {
  const words = definition ? wordsOf(definition) : { regex: null, literals: [], ...WORDLESS };
  return {
    id: row.id,
    origin: row.origin,
    name: row.name,
    text: row.wording,
    ...words,
    ...UNSEEN,
    ...marksOf(row),
  };
}

function wordsOf(definition: PatternDefinition) {
  const { regex, literals, category, severity, meaning, causes, nextSteps } = definition;
  return {
    regex: regex ?? null,
    literals: [...literals],
    category,
    severity,
    meaning,
    causes: [...causes],
    next_steps: [...nextSteps],
  };
}

function marksOf({ pinned, muted, changed_ms, changed_by }: PatternNoteRow) {
  return { pinned: pinned === 1, muted: muted === 1, changed: isoTime(changed_ms), changed_by };
}

function writeSeen(learned: Learned | undefined) {
  if (!learned) return {};
  const { lines, first_ms, last_ms } = learned;
  return { lines, first_seen: isoTime(first_ms), last_seen: isoTime(last_ms) };
}

function fits(pattern: Pattern, { origin, search, muted }: PatternsQuery): boolean {
  const wanted = search?.toLowerCase();
  const texts = [pattern.name, pattern.text, pattern.meaning, pattern.regex, pattern.id];
  return (
    (origin === undefined || pattern.origin === origin) &&
    (muted === undefined || pattern.muted === (muted === 'true')) &&
    (wanted === undefined || texts.some((text) => text?.toLowerCase().includes(wanted)))
  );
}

function isNamed(id: string): (row: { readonly id: string }) => boolean {
  return (row) => row.id === id;
}

function isOf(id: string): (row: { readonly template_id: string }) => boolean {
  return (row) => row.template_id === id;
}
