import type { LogSource, MetricRequest } from '../../ports.ts';
import type { TimeRange } from '../../engine/log-line.ts';

/** A query that an answer rests on: shown to the user, who can run it again. */
interface QueryRun {
  readonly purpose: string;
  readonly query: string;
  readonly range: TimeRange;
  readonly tookMs: number;
  /** Lines or series. */
  readonly returned: number;
  /** What Loki read for it; null where it does not say. */
  readonly bytesRead: number | null;
  readonly linesRead: number | null;
}

/** What a mode reads through: each query says what it is for and is kept for the answer. */
export interface RecordedSource {
  readonly runs: readonly QueryRun[];
  /** The same source with a record of its own. */
  fresh(): RecordedSource;
  /** Notes what was run for another answer and serves this one too. */
  adopt(runs: readonly QueryRun[]): void;
  count(
    purpose: string,
    request: Parameters<LogSource['countOverTime']>[0],
  ): ReturnType<LogSource['countOverTime']>;
  read(purpose: string, request: Parameters<LogSource['readLines']>[0]): ReturnType<LogSource['readLines']>;
  /** Not recorded: it is no LogQL that the reader could run. */
  carriedFields: LogSource['carriedFields'];
}

export function recordedSource(source: LogSource, clock: () => number): RecordedSource {
  const runs: QueryRun[] = [];
  async function record<T extends { readonly length: number }>(
    purpose: string,
    query: string,
    range: TimeRange,
    run: (onStatistics: MetricRequest['onStatistics']) => Promise<T>,
  ): Promise<T> {
    const startedMs = clock();
    const read: { bytesRead: number | null; linesRead: number | null } = { bytesRead: null, linesRead: null };
    const result = await run(({ bytes, lines }) => {
      read.bytesRead = (read.bytesRead ?? 0) + bytes;
      read.linesRead = (read.linesRead ?? 0) + lines;
    });
    runs.push({ purpose, query, range, tookMs: clock() - startedMs, returned: result.length, ...read });
    return result;
  }
  return {
    runs,
    fresh: () => recordedSource(source, clock),
    adopt: (others) => void runs.push(...others),
    carriedFields: (request) => source.carriedFields(request),
    count: (purpose, request) =>
      record(
        purpose,
        request.query.replaceAll('$step', `${request.stepMs}ms`),
        request.range,
        (onStatistics) => source.countOverTime({ ...request, onStatistics }),
      ),
    read: (purpose, request) =>
      record(purpose, request.query, request.range, (onStatistics) =>
        source.readLines({ ...request, onStatistics }),
      ),
  };
}
