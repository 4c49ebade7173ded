import type { Kysely } from 'kysely';
import type { Database, LearningStateRow } from '../../../database.ts';
import type { TimeRange } from '../../../engine/log-line.ts';
import { selector } from '../../../engine/logql/selector.ts';
import type { MinerSnapshot } from '../../../engine/templates/miner-snapshot.ts';
import { TemplateMiner } from '../../../engine/templates/template-miner.ts';
import { AppError } from '../../../errors.ts';
import type { JobKind } from '../../../ports.ts';
import { type AiLogsOptions, withReadContext } from '../read-context.ts';
import { keepSlice } from './keep-slice.ts';
import { type SliceFacts, readSlice } from './read-slice.ts';
import { removeOldRows } from './remove-old-rows.ts';

export interface LearnOptions {
  readonly db: Kysely<Database>;
  readonly aiLogs: AiLogsOptions;
  /** The logs are read in slices of this length, one at a time. */
  readonly sliceMs: number;
  readonly slicesPerRunMax: number;
  /** Lines read of one slice, and lines of calls of models besides. */
  readonly linesPerSliceMax: number;
  /** Wordings remembered; when there are more the rarest go. */
  readonly templatesMax: number;
  /** How far the first run looks back. Lines that arrive later than this are not learned from. */
  readonly backMs: number;
  readonly keepMs: number;
  /** How long a service must be known before its new patterns are news. */
  readonly warmUpMs: number;
  /** Told of each service of a slice that was learned from. */
  readonly onLearned: (service: string) => void;
  /** Told of a slice that holds more than an answer may read: it is passed over. */
  readonly onSkipped: (slice: TimeRange, error: Error) => void;
}

const NOTHING: SliceFacts = {
  operations: [],
  correlations: [],
  templates: [],
  newWordings: new Set(),
  errorPatterns: [],
  baselines: [],
};

const HOUR_MS = 3_600_000;
/** Lines may arrive this late: a slice is read when it ended this long ago. */
const LATE_LINES_MS = 2 * 60_000;

/** The job that learns from the logs: takes up where it stopped, within a budget a run, and removes what is too old. */
export function learnFromLogs(options: LearnOptions): JobKind<Record<string, never>> {
  return {
    name: 'learn-from-logs',
    everyMs: options.sliceMs,
    attemptsMax: 3,
    retryDelayMs: 30_000,
    timeLimitMs: 600_000,
    keepMs: 24 * HOUR_MS,
    run: (_, signal) => learn(options, signal),
  };
}

async function learn(options: LearnOptions, signal: AbortSignal): Promise<void> {
  const { db, slicesPerRunMax } = options;
  for (let slices = 0; slices < slicesPerRunMax; slices++) {
    signal.throwIfAborted();
    const state = await readState(options);
    const slice = await nextSlice(options, state, signal);
    if (!slice) break;
    if (!(await learnSlice(options, state, slice, signal))) break;
  }
  await removeOldRows(db, options.aiLogs.clock() - options.keepMs);
}

async function learnSlice(
  { db, aiLogs, linesPerSliceMax, templatesMax, warmUpMs, onLearned, onSkipped }: LearnOptions,
  state: LearningStateRow,
  slice: TimeRange,
  signal: AbortSignal,
): Promise<boolean> {
  const miner = TemplateMiner.load(JSON.parse(state.miner), { wordingsMax: templatesMax });
  const options = { ...aiLogs, linesReadMax: linesPerSliceMax };
  let facts = NOTHING;
  try {
    facts = await withReadContext(options, {}, { window: slice, baseline: null }, signal, (context) =>
      readSlice(context, miner),
    );
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'query_too_large') throw error;
    onSkipped(slice, error);
  }
  signal.throwIfAborted();
  const learned = JSON.stringify(withoutParameters(miner.save()));
  const kept = await keepSlice(db, state, slice, learned, facts, { nowMs: aiLogs.clock(), warmUpMs });
  if (kept) for (const { service } of facts.baselines) onLearned(service);
  return kept;
}

/**
 * The first slice behind the watermark that has lines: empty ones are passed over with one query. The watermark stays
 * before empty slices at the end, because their lines may still be on their way.
 */
async function nextSlice(
  { aiLogs, sliceMs, backMs }: LearnOptions,
  { until_ms }: LearningStateRow,
  signal: AbortSignal,
): Promise<TimeRange | null> {
  const { logs, labels, clock } = aiLogs;
  const align = (ms: number) => Math.floor(ms / sliceMs) * sliceMs;
  const endMs = align(clock() - LATE_LINES_MS);
  const startMs = Math.max(until_ms, align(clock() - backMs));
  if (startMs >= endMs) return null;
  const query = `sum(count_over_time(${selector({ ids: {} }, labels)} [$step]))`;
  const range = { startMs, endMs };
  const [series] = await logs.countOverTime({ query, range, stepMs: sliceMs, signal });
  const index = series?.values.findIndex((lines) => lines > 0) ?? -1;
  return index < 0 ? null : { startMs: startMs + index * sliceMs, endMs: startMs + (index + 1) * sliceMs };
}

async function readState({ db, aiLogs, sliceMs, backMs }: LearnOptions): Promise<LearningStateRow> {
  const startMs = Math.floor((aiLogs.clock() - backMs) / sliceMs) * sliceMs;
  const miner = JSON.stringify(new TemplateMiner().save());
  await db
    .insertInto('learning_state')
    .values({ id: 'logs', since_ms: startMs, until_ms: startMs, miner })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return db.selectFrom('learning_state').selectAll().where('id', '=', 'logs').executeTakeFirstOrThrow();
}

/** Wordings and counts are what is asked for later; the values of parameters would make it many times larger. */
function withoutParameters({ wordings, ...snapshot }: MinerSnapshot): MinerSnapshot {
  return {
    ...snapshot,
    wordings: wordings.map((wording) => ({ ...wording, parameters: wording.keys.map(() => null) })),
  };
}
