import type { Kysely } from 'kysely';
import type { Database } from '../../database.ts';
import type { Clock } from '../../ports.ts';
import { type Settings, settingsSchema } from './schema.ts';

/** One row: its settings belong together. */
const ROW = 'summaries';

/**
 * What is set while the service runs, for all analyzers of a database. While the database is away the last known
 * settings go on: a name that no model may see stays hidden.
 */
export class SettingsStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  #known: Settings;

  private constructor(db: Kysely<Database>, clock: Clock, known: Settings) {
    this.#db = db;
    this.#clock = clock;
    this.#known = known;
  }

  static async open(db: Kysely<Database>, clock: Clock): Promise<SettingsStore> {
    return new SettingsStore(db, clock, await read(db));
  }

  async current(): Promise<Settings> {
    try {
      this.#known = await read(this.#db);
    } catch {
      // The database is away: the last known settings do.
    }
    return this.#known;
  }

  /** Changes those that are given. */
  async change(changes: Partial<Settings>): Promise<Settings> {
    const changed = { ...(await read(this.#db)), ...changes };
    const value = JSON.stringify(changed);
    const updated_ms = this.#clock();
    await this.#db
      .insertInto('settings')
      .values({ name: ROW, value, updated_ms })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value, updated_ms }))
      .execute();
    this.#known = changed;
    return changed;
  }
}

async function read(db: Kysely<Database>): Promise<Settings> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', ROW).executeTakeFirst();
  return settingsSchema.parse(row ? JSON.parse(row.value) : {});
}
