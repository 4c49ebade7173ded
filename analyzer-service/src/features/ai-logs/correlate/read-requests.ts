import { type LogLine, isErrorLevel } from '../../../engine/log-line.ts';
import { spreadOver } from '../follow-requests.ts';
import type { ReadContext } from '../read-context.ts';
import { escapeRegex, quote, selector } from '../../../engine/logql/selector.ts';

/** Whole requests of a window. */
export interface RequestsRead {
  /** The field by which lines belong together; null when no line carries one. */
  readonly field: string | null;
  readonly byId: ReadonlyMap<string, readonly LogLine[]>;
  readonly linesRead: number;
  /** Lines that carry the field, exact. */
  readonly linesCounted: number;
  readonly sampled: boolean;
}

const HEX = '0123456789abcdef';
const MATCHING_LINES = 2_000;
const MATCHING_REQUESTS = 200;
const IDS_A_QUERY = 50;

/**
 * Requests as wholes: all where they are few enough, otherwise those whose id ends in certain digits, which Loki
 * selects by itself and which says nothing about what happened to them. With a filter: requests with a line that
 * passes it.
 */
export async function readRequests(context: ReadContext): Promise<RequestsRead> {
  const { filter, linesReadMax } = context;
  const { field, lines: linesCounted } = await mostUsedField(context);
  if (linesCounted === 0) return { field: null, byId: new Map(), linesRead: 0, linesCounted, sampled: false };
  const isFiltered =
    filter.services ?? filter.levels ?? filter.search ?? Object.keys(filter.ids)[0] ?? filter.texts;
  const lines = isFiltered
    ? await readMatching(context, field)
    : await readLines(context, `| ${field}${idMatcher(linesReadMax / linesCounted)}`);
  const byId = new Map<string, LogLine[]>();
  for (const line of lines) {
    const id = line.fields[field];
    if (!id) continue;
    const others = byId.get(id);
    if (others) others.push(line);
    else byId.set(id, [line]);
  }
  return { field, byId, linesRead: lines.length, linesCounted, sampled: lines.length < linesCounted };
}

/** `=~".*[0-3]"` keeps a quarter of ids that end in a hexadecimal digit; each further digit a sixteenth of that. */
export function idMatcher(share: number): string {
  if (share >= 1) return '!=""';
  const digits = Math.max(1, Math.ceil(-Math.log(share) / Math.log(16)));
  const kept = HEX.slice(0, Math.max(1, Math.floor(share * 16 ** digits)));
  return `=~${quote(`.*[${kept}]${'0'.repeat(digits - 1)}`)}`;
}

async function mostUsedField(context: ReadContext): Promise<{ field: string; lines: number }> {
  const { requestIdFields, labels, source, window, signal } = context;
  const stepMs = window.endMs - window.startMs;
  const counted = await Promise.all(
    requestIdFields.map(async (field) => {
      const query = `sum(count_over_time(${selector({ ids: {} }, labels)} | ${field}!="" [$step]))`;
      const [series] = await source.count(`lines with ${field}`, { query, range: window, stepMs, signal });
      return { field, lines: series?.values[0] ?? 0 };
    }),
  );
  return counted.reduce((most, one) => (one.lines > most.lines ? one : most), { field: '', lines: 0 });
}

async function readMatching(context: ReadContext, field: string): Promise<readonly LogLine[]> {
  const { filter, labels, source, window, signal } = context;
  const matching = await source.read('lines that pass the filter', {
    query: `${selector(filter, labels)} | ${field}!=""`,
    range: window,
    limit: MATCHING_LINES,
    signal,
  });
  const failed = matching.filter(({ level }) => isErrorLevel(level));
  const ids = [
    ...new Set(
      [...spreadOver(failed, MATCHING_REQUESTS / 2), ...matching].flatMap(
        ({ fields }) => fields[field] ?? [],
      ),
    ),
  ].slice(0, MATCHING_REQUESTS);
  const batches = Array.from({ length: Math.ceil(ids.length / IDS_A_QUERY) }, (_, index) =>
    ids.slice(index * IDS_A_QUERY, (index + 1) * IDS_A_QUERY),
  );
  const pages = await Promise.all(
    batches.map((batch) => readLines(context, `| ${field}=~${quote(batch.map(escapeRegex).join('|'))}`)),
  );
  return pages.flat();
}

async function readLines(context: ReadContext, idFilter: string): Promise<readonly LogLine[]> {
  const { labels, source, window, signal, linesReadMax } = context;
  const query = `${selector({ ids: {} }, labels)} ${idFilter}`;
  return source.read('all lines of requests', { query, range: window, limit: linesReadMax, signal });
}
