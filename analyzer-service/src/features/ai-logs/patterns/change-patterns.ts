import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Database, PatternNoteRow } from '../../../database.ts';
import { KNOWN_PATTERNS } from '../../../engine/library/library.ts';
import type { PatternNote } from '../../../engine/library/pattern-set.ts';
import { USER_PATTERN_LIMITS } from '../../../engine/library/user-patterns.ts';
import { AppError } from '../../../errors.ts';
import type { Clock } from '../../../ports.ts';
import { compilePatterns, ownNote } from './check-pattern.ts';
import { noteOf } from './pattern-book.ts';
import type { ChangedPattern, NewPattern } from './schema.ts';

export interface PatternStore {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** Of patterns of one's own and of known and learned ones that something was said about, together. */
  readonly patternsMax: number;
}

/** Keeps a new pattern; resolves to its id. Throws `invalid_request` for a bad one, a taken name, or one too many. */
export async function createPattern(
  { db, clock, patternsMax }: PatternStore,
  pattern: NewPattern,
  actor: string,
): Promise<string> {
  const id = `own-${randomBytes(6).toString('hex')}`;
  const note = ownNote(id, pattern);
  await db.transaction().execute(async (transaction) => {
    await insertNote(transaction, rowOf(note, 'own', actor, clock()), patternsMax);
  });
  return id;
}

/** Changes what is given and keeps the rest. Throws `not_found`, and like createPattern. */
export async function changePattern(
  { db, clock, patternsMax }: PatternStore,
  id: string,
  change: ChangedPattern,
  actor: string,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const kept = await transaction
      .selectFrom('pattern_notes')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    const [origin, note] = kept
      ? ([kept.origin, noteOf(kept)] as const)
      : await untouchedNote(transaction, id);
    const row = rowOf(changedNote(note, origin, change), origin, actor, clock());
    if (!kept) return insertNote(transaction, row, patternsMax);
    await assertFits(transaction, row);
    await transaction.updateTable('pattern_notes').set(row).where('id', '=', id).execute();
  });
}

/** Removes a pattern of one's own; forgets what was said about a known or learned one. Throws `not_found`. */
export async function deletePattern(db: Kysely<Database>, id: string): Promise<void> {
  const { numDeletedRows } = await db.deleteFrom('pattern_notes').where('id', '=', id).executeTakeFirst();
  if (numDeletedRows === 0n)
    throw new AppError(
      'not_found',
      `Nobody made or named a pattern ${id}. GET /api/v1/ai_logs/patterns lists them; known and learned ones are muted, not deleted.`,
    );
}

/** A known or learned pattern about which nothing was said yet. */
async function untouchedNote(
  db: Transaction<Database>,
  id: string,
): Promise<readonly ['library' | 'learned', PatternNote]> {
  const unsaid = { id, pinned: false, muted: false, definition: null };
  if (KNOWN_PATTERNS.some((pattern) => pattern.id === id))
    return ['library', { ...unsaid, name: id, text: null }];
  const learned = await db
    .selectFrom('learned_templates')
    .select('wording')
    .where('template_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  if (learned) return ['learned', { ...unsaid, name: `template ${id}`, text: learned.wording }];
  throw new AppError(
    'not_found',
    `There is no pattern ${id}. GET /api/v1/ai_logs/patterns lists those that exist.`,
  );
}

function changedNote(
  note: PatternNote,
  origin: PatternNoteRow['origin'],
  { name, pinned, muted, ...rest }: ChangedPattern,
): PatternNote {
  const marks = {
    name: name ?? note.name,
    pinned: pinned ?? note.pinned,
    muted: muted ?? note.muted,
  };
  const given = Object.keys(rest);
  if (origin === 'own' && note.definition) {
    const { text, regex, literals } = rest;
    if (text !== undefined && regex !== undefined)
      throw new AppError('invalid_request', 'Give text, or regex with literals, not both.');
    const isRegex = text === undefined && (regex !== undefined || note.text === null);
    const before = note.definition;
    return ownNote(note.id, {
      ...marks,
      category: rest.category ?? before.category,
      severity: rest.severity ?? before.severity,
      meaning: rest.meaning ?? before.meaning,
      causes: rest.causes ?? before.causes,
      next_steps: rest.next_steps ?? before.nextSteps,
      ...(isRegex
        ? { regex: regex ?? before.regex, literals: literals ?? before.literals }
        : { text: text ?? note.text ?? '' }),
    });
  }
  if (given.length > 0)
    throw new AppError(
      'invalid_request',
      `Of a ${origin === 'library' ? 'known' : 'learned'} pattern only name, pinned and muted can be changed, not ${given.join(', ')}. Make one of your own with POST.`,
    );
  return { ...note, ...marks };
}

async function insertNote(
  db: Transaction<Database>,
  row: PatternNoteRow,
  patternsMax: number,
): Promise<void> {
  const { total } = await db
    .selectFrom('pattern_notes')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  if (total >= patternsMax)
    throw new AppError(
      'invalid_request',
      `There are ${patternsMax} own and named patterns already. Delete some, or raise PATTERNS_MAX.`,
    );
  await assertFits(db, row);
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('pattern_notes')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) throw nameTaken(row.name);
}

/** The pattern alone is one, its name is free, and there are not too many with a regex. */
async function assertFits(db: Transaction<Database>, row: PatternNoteRow): Promise<void> {
  compilePatterns([noteOf(row)]);
  const others = await db
    .selectFrom('pattern_notes')
    .select(['name', 'wording', 'definition'])
    .where('id', '!=', row.id)
    .execute();
  if (others.some(({ name }) => name === row.name)) throw nameTaken(row.name);
  if (row.wording !== null && others.some(({ wording }) => wording === row.wording))
    throw new AppError(
      'invalid_request',
      `There is a pattern with this wording already. Change that one instead.`,
    );
  const { patternsMax } = USER_PATTERN_LIMITS;
  const regexes = others.filter(({ wording, definition }) => wording === null && definition !== null);
  if (row.wording === null && row.definition !== null && regexes.length >= patternsMax)
    throw new AppError(
      'invalid_request',
      `There are ${patternsMax} patterns with a regex already. Delete some, or write this one as a text.`,
    );
}

function nameTaken(name: string): AppError {
  return new AppError(
    'invalid_request',
    `There is a pattern named "${name}" already. Choose another name, or change that pattern.`,
  );
}

function rowOf(
  { id, name, text, definition, pinned, muted }: PatternNote,
  origin: PatternNoteRow['origin'],
  actor: string,
  nowMs: number,
): PatternNoteRow {
  return {
    id,
    origin,
    name,
    wording: text,
    definition: definition && JSON.stringify(definition),
    pinned: pinned ? 1 : 0,
    muted: muted ? 1 : 0,
    changed_by: actor,
    changed_ms: nowMs,
  };
}
