import type { Kysely } from 'kysely';
import type { Database, LearnedTemplateRow } from '../../../database.ts';
import type { LogLine, TimeRange } from '../../../engine/log-line.ts';
import type { MinerSnapshot } from '../../../engine/templates/miner-snapshot.ts';
import { TemplateMiner } from '../../../engine/templates/template-miner.ts';
import { isoTime } from '../iso-time.ts';
import type { UsualFigures } from './usual-figures.ts';
import { usualFigures } from './usual-figures.ts';

/** A line that nobody expected, under the name by which its history is asked for. */
export interface Unexpected {
  readonly key: string;
  readonly service: string;
  readonly line: LogLine;
}

const ASKED_MAX = 200;
/** A database that is away is not asked again for this long: each answer would wait for it. */
const REST_MS = 10_000;
/** What was learned for a shorter time before a window says nothing about what is new in it. */
const LEARNED_MS_MIN = 10 * 60_000;

/**
 * What the background job learned, for answers. Its absence costs an answer its history, never the answer: a database
 * that is away is told to `onError` only.
 */
export class History {
  readonly #db: Kysely<Database>;
  readonly #onError: (error: Error) => void;
  #restUntilMs = 0;
  #known: { readonly untilMs: number; readonly snapshot: MinerSnapshot } | null = null;

  constructor(db: Kysely<Database>, onError: (error: Error) => void) {
    this.#db = db;
    this.#onError = onError;
  }

  /** A sentence for each line of which it is known whether its wording was there before `window`, by key. */
  async tell(lines: readonly Unexpected[], window: TimeRange): Promise<ReadonlyMap<string, string>> {
    return this.#degrade(new Map<string, string>(), async () => {
      const state = lines.length > 0 ? await this.#state() : null;
      if (!state || window.startMs - state.sinceMs < LEARNED_MS_MIN) return new Map();
      const asked = lines.slice(0, ASKED_MAX);
      const miner = TemplateMiner.load(state.snapshot);
      const handles = asked.map(({ line }) => miner.add(line.text, 0));
      const templates = handles.map((handle) => miner.resolve(handle));
      const rows = await this.#rowsOf(templates.map(({ id }) => id));
      const learned = { sinceMs: state.sinceMs, untilMs: Math.min(state.untilMs, window.startMs) };
      return new Map(
        asked.flatMap(({ key, service }, index): [string, string][] => {
          const template = templates[index];
          if (!template) return [];
          const own = rows.filter(({ template_id }) => template_id === template.id);
          const told = sentence(service, template.count, own, window, learned);
          return told === null ? [] : [[key, told]];
        }),
      );
    });
  }

  /** When lines with this id of a conversation or a request were seen; null when they were not, or not followed. */
  async whenSeen(name: string, id: string): Promise<TimeRange | null> {
    return this.#degrade<TimeRange | null>(null, async () => {
      if (name === 'conversation_id') {
        const talk = await this.#db
          .selectFrom('ai_conversations')
          .select(['started_ms', 'ended_ms'])
          .where('conversation_id', '=', id)
          .executeTakeFirst();
        return talk ? { startMs: talk.started_ms, endMs: talk.ended_ms } : null;
      }
      const request = await this.#db
        .selectFrom('ai_correlations')
        .select(['started_ms', 'duration_ms'])
        .where('request_id', '=', id)
        .executeTakeFirst();
      return request
        ? { startMs: request.started_ms, endMs: request.started_ms + request.duration_ms }
        : null;
    });
  }

  /** What was usual for each service in the week before `window`; without those of which nothing was learned. */
  async usual(window: TimeRange): Promise<ReadonlyMap<string, UsualFigures>> {
    return this.#degrade(new Map<string, UsualFigures>(), () => usualFigures(this.#db, window.startMs));
  }

  async #degrade<T>(without: T, ask: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#restUntilMs) return without;
    try {
      return await ask();
    } catch (error) {
      this.#restUntilMs = performance.now() + REST_MS;
      this.#onError(error as Error);
      return without;
    }
  }

  async #state() {
    const times = await this.#db
      .selectFrom('learning_state')
      .select(['since_ms', 'until_ms'])
      .executeTakeFirst();
    if (!times) return null;
    if (this.#known?.untilMs !== times.until_ms) {
      const { miner } = await this.#db.selectFrom('learning_state').select('miner').executeTakeFirstOrThrow();
      this.#known = { untilMs: times.until_ms, snapshot: JSON.parse(miner) as MinerSnapshot };
    }
    return { sinceMs: times.since_ms, ...this.#known };
  }

  #rowsOf(templateIds: readonly string[]): Promise<readonly LearnedTemplateRow[]> {
    return this.#db
      .selectFrom('learned_templates')
      .selectAll()
      .where('template_id', 'in', [...new Set(templateIds)])
      .execute();
  }
}

function sentence(
  service: string,
  count: number,
  rows: readonly LearnedTemplateRow[],
  window: TimeRange,
  { sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number },
): string | null {
  const before = rows.filter(({ first_ms }) => first_ms < window.startMs);
  const own = before.filter((row) => row.service === service);
  if (own.length > 0) {
    const lines = own.reduce((sum, row) => sum + row.lines, 0);
    const firstMs = Math.min(...own.map(({ first_ms }) => first_ms));
    return `Seen before: first at ${isoTime(firstMs)}, about ${lines.toLocaleString('en')} lines since.`;
  }
  if (before.length > 0) {
    const others = [...new Set(before.map((row) => row.service))].sort().slice(0, 5).join(', ');
    return `Seen before, but only in ${others}.`;
  }
  // A wording whose rows are gone, or that has grown together with another since: nothing certain to say.
  if (count > 0 && rows.length === 0) return null;
  return `Never seen before in what was learned from ${isoTime(sinceMs)} to ${isoTime(untilMs)}.`;
}
