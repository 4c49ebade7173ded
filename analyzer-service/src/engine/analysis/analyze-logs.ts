import path from 'node:path';
import { EventReader, type FileEvent } from '../formats/event-reader.ts';
import { Investigation } from '../investigation/investigation.ts';
import type { TimeRange } from '../log-line.ts';
import type { Analysis, FileReading } from './analysis.ts';
import type { LogInput } from './log-input.ts';
import { surveyLog, type FileSurvey } from './survey-log.ts';
import { withoutSilentComponents } from './silent-components.ts';
import { Timeline } from './timeline.ts';

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
}

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
  options: Pick<AnalyzeOptions, 'sinceMs' | 'breathe'>,
  onRead: (bytes: number) => void,
): Promise<Reading> {
  const { sinceMs } = options;
  const window = windowOf(range, sinceMs);
  const baseline =
    window && sinceMs !== null ? { startMs: window.startMs - sinceMs, endMs: window.startMs } : null;
  const scope = window ?? standInRange(surveyed);
  const investigation = new Investigation({
    window: scope,
    baseline: baseline ? [baseline] : [],
    limits: { requestLinesMax: 100_000 },
  });
  const timeline = new Timeline(scope);
  let earliest = Infinity;
  let latest = -Infinity;
  const components = new Set<string>();
  const onEvent = (event: FileEvent): void => {
    if (event.isComponent) components.add(event.service);
    if (event.timeMs < earliest) earliest = event.timeMs;
    if (event.timeMs > latest) latest = event.timeMs;
    timeline.add(event.timeMs, event.level);
    investigation.add(event);
  };
  // Several programs are the services; within one program, its parts take their place.
  const splitsComponents = new Set(surveyed.map(({ file }) => serviceOf(file.name))).size === 1;
  const files: FileReading[] = [];
  let doneBytes = 0;
  for (const { file, format, range } of surveyed) {
    const firstMs = range?.startMs ?? scope.startMs;
    files.push(
      await readFile(file, {
        format,
        splitsComponents,
        firstMs,
        onEvent,
        onRead: (bytes) => onRead(doneBytes + bytes),
      }),
    );
    doneBytes += file.sizeBytes;
  }
  const seen = window && latest !== -Infinity ? { startMs: earliest, endMs: latest + 1 } : null;
  const result = withoutSilentComponents(await finish(investigation, options.breathe), components);
  return { analysis: { files, window, baseline, result, timeline }, seen };
}

async function finish(investigation: Investigation, breathe: () => Promise<void>) {
  const turns = investigation.finishInTurns();
  for (;;) {
    const turn = turns.next();
    if (turn.done === true) return turn.value;
    await breathe();
  }
}

async function readFile(
  file: LogInput,
  reading: {
    readonly format: FileSurvey['format'];
    readonly splitsComponents: boolean;
    readonly firstMs: number;
    readonly onEvent: (event: FileEvent) => void;
    readonly onRead: (bytes: number) => void;
  },
): Promise<FileReading> {
  const { format, splitsComponents, firstMs, onEvent } = reading;
  const firstInstant = { seconds: Math.floor(firstMs / 1000), nanos: Math.floor((firstMs % 1000) * 1e6) };
  const events = new EventReader(
    { file: file.name, service: serviceOf(file.name), splitsComponents, format, firstInstant },
    onEvent,
  );
  let lineCount = 0;
  let cutLines = 0;
  for await (const batch of file.read(reading.onRead)) {
    let lineNumber = batch.firstLineNumber;
    for (const line of batch.lines) events.add(line, lineNumber++);
    lineCount += batch.lines.length;
    cutLines += batch.cutLines;
  }
  return { name: file.name, format: format.name, lines: lineCount, cutLines, ...events.end() };
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
