import path from 'node:path';
import type { EventSource } from '../formats/event-reader.ts';
import { parseLine, type LogFormat } from '../formats/parse-line.ts';
import type { Instant } from '../formats/timestamp.ts';
import type { Investigation } from '../investigation/investigation.ts';
import type { TimeRange } from '../log-line.ts';
import type { Analysis, FileReading } from './analysis.ts';
import { cutIntoParts, type LogPart } from './cut-into-parts.ts';
import type { LogInput } from './log-input.ts';
import { LogTally } from './log-tally.ts';
import { PartReaders } from './part-readers.ts';
import { ByteReader, NO_LINES, sumOfCounts, type LineCounts } from './read-events.ts';
import { surveyLog, type FileSurvey } from './survey-log.ts';
import { withoutSilentComponents } from './silent-components.ts';

interface SurveyedFile extends FileSurvey {
  readonly file: LogInput;
}

export interface AnalyzeOptions {
  /** Report on this much time before the newest line, compared with as much before it; null for everything. */
  readonly sinceMs: number | null;
  /** Gets the share of the work that is done, 0 to 1. */
  readonly onProgress: (share: number) => void;
  /** Awaited between two turns of some 10 ms of the final comparison: a server does other work then. May throw to stop. */
  readonly breathe: () => Promise<void>;
  /** Threads that read logs larger than one part. The answer does not depend on it. */
  readonly threads: number;
  readonly partBytes?: number;
}

/** Large enough that what is learned anew in each part costs little; small enough to share the work well. */
const PART_BYTES = 16 * 2 ** 20;
/** Share of the work that the survey is. */
const SURVEY_SHARE = 0.2;

/** Reads the files twice, once for their range of time and once for everything else, and investigates them as one log. */
export async function analyzeLogs(files: readonly LogInput[], options: AnalyzeOptions): Promise<Analysis> {
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) || 1;
  const surveyed: SurveyedFile[] = [];
  let doneBytes = 0;
  for (const file of files) {
    const survey = await surveyLog(file, (read) =>
      options.onProgress((SURVEY_SHARE * (doneBytes + read)) / bytes),
    );
    doneBytes += file.sizeBytes;
    surveyed.push({ file, ...survey });
  }
  const onRead = (read: number) => options.onProgress(SURVEY_SHARE + ((1 - SURVEY_SHARE) * read) / bytes);
  const range = surveyed.reduce<TimeRange | null>(
    (all, { range }) => (range ? union(all, range) : all),
    null,
  );
  const first = await readFiles(surveyed, range, options, onRead);
  // Only when the survey of a large file missed its earliest or latest lines: once more with the range that was found.
  return isWithin(first.seen, range)
    ? first.analysis
    : (await readFiles(surveyed, first.seen, options, onRead)).analysis;
}

interface Reading {
  readonly analysis: Analysis;
  /** The range of time that the lines really cover. */
  readonly seen: TimeRange | null;
}

async function readFiles(
  surveyed: readonly SurveyedFile[],
  range: TimeRange | null,
  options: Omit<AnalyzeOptions, 'onProgress'>,
  onRead: (bytes: number) => void,
): Promise<Reading> {
  const { sinceMs } = options;
  const window = windowOf(range, sinceMs);
  const baseline =
    window && sinceMs !== null ? { startMs: window.startMs - sinceMs, endMs: window.startMs } : null;
  const scope = { window: window ?? standInRange(surveyed), baseline };
  const tally = new LogTally(scope);
  const partBytes = options.partBytes ?? PART_BYTES;
  const isLarge = surveyed.reduce((sum, { file }) => sum + file.sizeBytes, 0) > partBytes;
  await using readers = isLarge ? new PartReaders(options.threads, scope) : null;
  // Several programs are the services; within one program, its parts take their place.
  const splitsComponents = new Set(surveyed.map(({ file }) => serviceOf(file.name))).size === 1;
  const files: FileReading[] = [];
  let doneBytes = 0;
  for (const { file, format, range } of surveyed) {
    const source = { file: file.name, service: serviceOf(file.name), splitsComponents, format };
    const chunks = file.read((bytes) => onRead(doneBytes + bytes));
    const firstInstant = toInstant(range?.startMs ?? scope.window.startMs);
    const counts = readers
      ? await readParts(
          readers,
          cutIntoParts(chunks, { partBytes, firstInstant, instantOf: instantIn(format) }),
          source,
          tally,
        )
      : await readHere(chunks, { ...source, firstInstant }, tally);
    files.push({ name: file.name, format: format.name, ...counts });
    doneBytes += file.sizeBytes;
  }
  const seen =
    window && tally.latestMs !== -Infinity ? { startMs: tally.earliestMs, endMs: tally.latestMs + 1 } : null;
  const result = withoutSilentComponents(
    await finish(tally.investigation, options.breathe),
    tally.components,
  );
  return { analysis: { files, window, baseline, result, timeline: tally.timeline }, seen };
}

async function readHere(
  chunks: AsyncIterable<Buffer>,
  source: EventSource,
  tally: LogTally,
): Promise<LineCounts> {
  const reader = new ByteReader(source, 1, (event) => tally.add(event));
  for await (const chunk of chunks) reader.add(chunk);
  return reader.end();
}

async function readParts(
  readers: PartReaders,
  parts: AsyncIterable<LogPart>,
  source: Omit<EventSource, 'firstInstant'>,
  tally: LogTally,
): Promise<LineCounts> {
  let sum = NO_LINES;
  for await (const { counts, tally: part } of readers.read(parts, source)) {
    tally.merge(part);
    sum = sumOfCounts(sum, counts);
  }
  return sum;
}

async function finish(investigation: Investigation, breathe: () => Promise<void>) {
  const turns = investigation.finishInTurns();
  for (;;) {
    const turn = turns.next();
    if (turn.done === true) return turn.value;
    await breathe();
  }
}

function toInstant(ms: number): Instant {
  return { seconds: Math.floor(ms / 1000), nanos: Math.floor((ms % 1000) * 1e6) };
}

function instantIn(format: LogFormat): (line: string) => Instant | null {
  return (line) => parseLine(line, format).instant;
}

/** `app` for /var/log/app.log.1.gz: who wrote a file whose lines do not say. */
function serviceOf(name: string): string {
  return path.basename(name).replace(/(?:\.(?:log|txt|out|json|gz|\d{1,8}))+$/, '');
}

function windowOf(range: TimeRange | null, sinceMs: number | null): TimeRange | null {
  if (range === null || sinceMs === null) return range;
  return { startMs: Math.max(range.startMs, range.endMs - sinceMs), endMs: range.endMs };
}

/** Lines without any time all happen at one moment. */
function standInRange(surveyed: readonly SurveyedFile[]): TimeRange {
  const startMs = Math.floor(Math.max(0, ...surveyed.map(({ file }) => file.modifiedMs)));
  return { startMs, endMs: startMs + 1 };
}

function union(a: TimeRange | null, b: TimeRange): TimeRange {
  return a === null ? b : { startMs: Math.min(a.startMs, b.startMs), endMs: Math.max(a.endMs, b.endMs) };
}

function isWithin(inner: TimeRange | null, outer: TimeRange | null): boolean {
  return inner === null || outer === null || (inner.startMs >= outer.startMs && inner.endMs <= outer.endMs);
}
