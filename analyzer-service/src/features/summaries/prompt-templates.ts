import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';
import { BUILT_IN_TEMPLATES } from '../../engine/summary/prompt.ts';
import { AppError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { PromptTemplate } from './schema.ts';

const TEMPLATES_MAX = 200;

/** Built-in templates first, then those of users by name. */
export async function listTemplates(db: Kysely<Database>): Promise<readonly PromptTemplate[]> {
  const rows = await db.selectFrom('prompt_templates').selectAll().orderBy('name').execute();
  return [
    ...Object.entries(BUILT_IN_TEMPLATES).map(([name, text]) => ({
      name,
      text,
      built_in: true,
      updated: null,
    })),
    ...rows.map(({ name, text, updated_ms }) => ({
      name,
      text,
      built_in: false,
      updated: new Date(updated_ms).toISOString(),
    })),
  ];
}

/** Throws `not_found`. */
export async function templateText(db: Kysely<Database>, name: string): Promise<string> {
  if (Object.hasOwn(BUILT_IN_TEMPLATES, name))
    return BUILT_IN_TEMPLATES[name as keyof typeof BUILT_IN_TEMPLATES];
  const row = await db
    .selectFrom('prompt_templates')
    .select('text')
    .where('name', '=', name)
    .executeTakeFirst();
  if (!row) throw noSuchTemplate(name);
  return row.text;
}

/** Makes a template or changes it. Throws `invalid_request` for the name of a built-in one, and when there are too many. */
export async function saveTemplate(
  db: Kysely<Database>,
  clock: Clock,
  name: string,
  text: string,
): Promise<void> {
  refuseBuiltIn(name);
  const updated_ms = clock();
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('prompt_templates')
      .values({ name, text, created_ms: updated_ms, updated_ms })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ text, updated_ms }))
      .execute();
    const { templates } = await transaction
      .selectFrom('prompt_templates')
      .select(({ fn }) => fn.countAll<number>().as('templates'))
      .executeTakeFirstOrThrow();
    if (templates > TEMPLATES_MAX)
      throw new AppError(
        'invalid_request',
        `There are ${TEMPLATES_MAX} templates already. Delete those that nobody uses.`,
      );
  });
}

/** Throws `not_found`, and `invalid_request` for a built-in one. */
export async function deleteTemplate(db: Kysely<Database>, name: string): Promise<void> {
  refuseBuiltIn(name);
  const { numDeletedRows } = await db
    .deleteFrom('prompt_templates')
    .where('name', '=', name)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw noSuchTemplate(name);
}

function refuseBuiltIn(name: string): void {
  if (Object.hasOwn(BUILT_IN_TEMPLATES, name))
    throw new AppError(
      'invalid_request',
      `The template ${name} is built in and stays as it is. Choose another name.`,
    );
}

function noSuchTemplate(name: string): AppError {
  return new AppError('not_found', `There is no template ${name}. GET /api/v1/templates lists them.`);
}
