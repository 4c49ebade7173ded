import type { TimeRange } from '../../engine/log-line.ts';
import type { LabelNames } from '../../engine/logql/selector.ts';
import { AppError } from '../../errors.ts';
import type { LogSource } from '../../ports.ts';
import { type ExportedFinding, exportFindings } from './export-findings.ts';
import { exportLines } from './export-lines.ts';
import { csv } from './formats/csv.ts';
import { json, ndjson } from './formats/json.ts';
import { markdown } from './formats/markdown.ts';
import type { Format, Row, Table } from './formats/table.ts';
import { xlsx } from './formats/xlsx.ts';
import type { ExportRequest } from './schema.ts';

export interface ExportOptions {
  readonly logs: LogSource;
  readonly labels: LabelNames;
  readonly linesMax: number;
  readonly exportsMax: number;
  readonly timeoutMs: number;
  /** The window that a request means, read as the query endpoint reads it. Throws `invalid_request`. */
  windowOf(request: ExportRequest): TimeRange;
  /** What troubleshooting finds for a request. */
  findingsOf(request: ExportRequest, signal: AbortSignal): Promise<readonly ExportedFinding[]>;
}

export interface RunningExport {
  readonly contentType: string;
  readonly fileName: string;
  readonly body: ReadableStream<Uint8Array>;
}

export interface PreparedExport {
  readonly contentType: string;
  readonly fileName: string;
  readonly rowsTotal: number;
  readonly chunks: AsyncGenerator<string | Uint8Array, void>;
}

const FORMATS: Record<ExportRequest['format'], Format> = { json, ndjson, csv, xlsx, markdown };

/** Exports of all callers: no more than a few at a time, each one page in memory. */
export class Exports {
  readonly #options: ExportOptions;
  #running = 0;

  constructor(options: ExportOptions) {
    this.#options = options;
  }

  /** Throws `invalid_request`, `query_too_large`, `too_many_requests` or `loki_*` before the first byte. */
  async start(request: ExportRequest, caller: AbortSignal): Promise<RunningExport> {
    const { exportsMax, timeoutMs } = this.#options;
    if (this.#running >= exportsMax)
      throw new AppError(
        'too_many_requests',
        `${exportsMax} exports are running already. Try again when one has ended, or raise EXPORTS_AT_ONCE_MAX.`,
      );
    this.#running++;
    const stop = new AbortController();
    const signal = AbortSignal.any([caller, stop.signal, AbortSignal.timeout(timeoutMs)]);
    const end = () => {
      if (stop.signal.aborted) return;
      stop.abort();
      this.#running--;
    };
    try {
      const { contentType, fileName, chunks } = await this.prepare(request, signal);
      return { contentType, fileName, body: readableOf(chunks, signal, caller, end) };
    } catch (error) {
      end();
      throw error;
    }
  }

  /** The same request about a window that stands still: for an export that runs later. Throws `invalid_request`. */
  fixed(request: ExportRequest): ExportRequest {
    const { startMs, endMs } = this.#options.windowOf(request);
    const { time_range: _, ...rest } = request;
    return { ...rest, start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() };
  }

  /** What an export will write; reading begins with the first chunk. Throws like start. */
  async prepare(
    request: ExportRequest,
    signal: AbortSignal,
    onRows: (rows: number) => void = () => undefined,
  ): Promise<PreparedExport> {
    const window = this.#options.windowOf(request);
    const table =
      request.what === 'findings'
        ? exportFindings(await this.#options.findingsOf(request, signal))
        : await exportLines({ ...this.#options, window, signal }, request);
    const format = FORMATS[request.format];
    const startText = new Date(window.startMs).toISOString().slice(0, 19).replaceAll(':', '-');
    return {
      contentType: format.contentType,
      fileName: `sonde-${table.title}-${startText}.${format.extension}`,
      rowsTotal: table.rowsTotal,
      chunks: format.write({ ...table, pages: counted(table.pages, onRows) }),
    };
  }
}

async function* counted(
  pages: Table['pages'],
  onRows: (rows: number) => void,
): AsyncGenerator<readonly Row[], void> {
  for await (const page of pages) {
    onRows(page.length);
    yield page;
  }
}

/** Reads on only as fast as the caller takes it; `onEnd` is called once, however it ends. */
function readableOf(
  chunks: AsyncGenerator<string | Uint8Array, void>,
  signal: AbortSignal,
  caller: AbortSignal,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        signal.addEventListener(
          'abort',
          () => {
            onEnd();
            if (!caller.aborted) controller.error(signal.reason);
          },
          { once: true },
        );
      },
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (signal.aborted) return;
          if (!done) return controller.enqueue(typeof value === 'string' ? Buffer.from(value) : value);
          controller.close();
          onEnd();
        } catch (error) {
          controller.error(error);
          onEnd();
        }
      },
      cancel: onEnd,
    },
    { highWaterMark: 0 },
  );
}
