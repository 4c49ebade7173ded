import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  CorrelationRow,
  ErrorPatternRow,
  LearnedTemplateRow,
  OperationRow,
  PerformanceBaselineRow,
} from '../../../database.ts';
import { type Level, type LogLine, type TimeRange, isErrorLevel } from '../../../engine/log-line.ts';
import { quote, selector } from '../../../engine/logql/selector.ts';
import { requestCourse } from '../../../engine/requests/request-course.ts';
import type { TemplateMiner } from '../../../engine/templates/template-miner.ts';
import { countLines, totalByService } from '../count-lines.ts';
import { followRequests } from '../follow-requests.ts';
import { latencyByService } from '../latency-by-service.ts';
import { MODEL_NAMES, readModelCall } from '../model-call.ts';
import type { ReadContext } from '../read-context.ts';
import { readSample } from '../read-sample.ts';
import { requestIdOf } from '../request-id.ts';

/** What one slice of the logs adds to the database. */
export interface SliceFacts {
  readonly operations: readonly OperationRow[];
  readonly correlations: readonly CorrelationRow[];
  readonly templates: readonly LearnedTemplateRow[];
  readonly errorPatterns: readonly ErrorPatternRow[];
  readonly baselines: readonly PerformanceBaselineRow[];
}

/** Lines are mined in batches of this size, about 10 ms of work, and other requests get their turn between two. */
const BATCH_LINES = 2_000;
const REQUESTS_MAX = 500;

/** Reads the context's window; `miner` learns from it. The counts of sampled templates are scaled up. */
export async function readSlice(context: ReadContext, miner: TemplateMiner): Promise<SliceFacts> {
  const { window } = context;
  const counts = await countLines(context, window, 'lines by service and level');
  const [lines, calls] = await Promise.all([
    readSample(context, window, counts, context.linesReadMax),
    readCalls(context),
  ]);
  const followed = await followRequests(context, window, lines);
  const seen = await mine(miner, lines);
  const templates = seen.map((one) => resolved(one, miner)).filter(({ wording }) => wording !== '<*>');
  return {
    operations: calls.flatMap((line) => operationOf(line, context.requestIdFields)),
    correlations: correlationsOf([...lines, ...followed], context.requestIdFields),
    templates: mergeTemplates(templates),
    errorPatterns: mergeErrors(templates, context, window),
    baselines: baselinesOf(totalByService(counts), lines, window),
  };
}

/** Lines that name a model, in their text, or else as structured metadata. */
async function readCalls({ filter, labels, source, window, linesReadMax, signal }: ReadContext) {
  const base = selector(filter, labels);
  const request = { range: window, limit: linesReadMax, signal };
  const inText = await source.read('lines that name a model', {
    query: `${base} |~ ${quote(MODEL_NAMES.join('|'))}`,
    ...request,
  });
  if (inText.length > 0) return inText;
  return source.read('lines whose structured metadata names a model', {
    query: `${base} | ${MODEL_NAMES.map((name) => `${name}!=""`).join(' or ')}`,
    ...request,
  });
}

function operationOf(line: LogLine, requestIdFields: readonly string[]): OperationRow[] {
  const call = readModelCall(line);
  if (!call || call.model === null || call.outcome === 'mentioned') return [];
  const { service, timestampNs, text, fields } = line;
  const { input, output, total } = call.tokens;
  return [
    {
      id: createHash('sha256').update(`${service}\n${timestampNs}\n${text}`).digest('hex').slice(0, 32),
      time_ms: Math.floor(line.timeMs),
      service,
      model: call.model.slice(0, 200),
      outcome: call.outcome,
      request_id: requestIdOf(line, requestIdFields)?.id ?? null,
      conversation_id: fields['conversation_id'] ?? null,
      workspace_id: fields['workspace_id'] ?? null,
      input_tokens: Math.round(input),
      output_tokens: Math.round(output),
      total_tokens: Math.round(total),
      latency_ms: call.latencyMs,
    },
  ];
}

/** Failed requests first, then those with most lines. */
function correlationsOf(lines: readonly LogLine[], requestIdFields: readonly string[]): CorrelationRow[] {
  const byRequest = new Map<string, { field: string; id: string; lines: LogLine[] }>();
  for (const line of lines) {
    const request = requestIdOf(line, requestIdFields);
    if (!request) continue;
    const key = `${request.field}\n${request.id}`;
    const known = byRequest.get(key);
    if (known) known.lines.push(line);
    else byRequest.set(key, { ...request, lines: [line] });
  }
  const failed = (of: readonly LogLine[]) => of.some(({ level }) => isErrorLevel(level));
  return [...byRequest.values()]
    .sort((a, b) => Number(failed(b.lines)) - Number(failed(a.lines)) || b.lines.length - a.lines.length)
    .slice(0, REQUESTS_MAX)
    .map(({ field, id, lines: own }) => {
      const inOrder = own.toSorted((a, b) => a.timeMs - b.timeMs);
      const course = requestCourse(inOrder);
      return {
        field,
        request_id: id,
        started_ms: Math.floor(course.startMs),
        duration_ms: course.durationMs,
        services: JSON.stringify([...new Set(inOrder.map(({ service }) => service))]),
        lines: own.length,
        broke_at: course.brokeAt?.service ?? null,
        bottleneck: course.bottleneck?.service ?? null,
      };
    });
}

interface Seen {
  readonly service: string;
  readonly level: Level;
  readonly handle: number;
  first: LogLine;
  lastMs: number;
  lines: number;
}

async function mine(miner: TemplateMiner, lines: readonly LogLine[]): Promise<readonly Seen[]> {
  const seen = new Map<string, Seen>();
  for (const [index, line] of lines.entries()) {
    if (index % BATCH_LINES === BATCH_LINES - 1) await nextTurn();
    const { service, level, timeMs, weight } = line;
    const handle = miner.add(line.text, weight);
    const key = `${service}\n${level}\n${handle}`;
    const known = seen.get(key);
    if (!known) {
      seen.set(key, { service, level, handle, first: line, lastMs: timeMs, lines: weight });
      continue;
    }
    if (timeMs < known.first.timeMs) known.first = line;
    known.lastMs = Math.max(known.lastMs, timeMs);
    known.lines += weight;
  }
  return [...seen.values()];
}

type Resolved = LearnedTemplateRow & { readonly first: LogLine };

function resolved({ handle, service, level, first, lastMs, lines }: Seen, miner: TemplateMiner): Resolved {
  const { id, text } = miner.resolve(handle);
  const times = { first_ms: Math.floor(first.timeMs), last_ms: Math.floor(lastMs) };
  return { service, template_id: id, wording: text, level, lines, ...times, first };
}

function mergeTemplates(templates: readonly Resolved[]): LearnedTemplateRow[] {
  const merged = Map.groupBy(templates, (one) => `${one.service}\n${one.level}\n${one.template_id}`);
  return [...merged.values()].flatMap((own) => {
    const [one] = own;
    if (!one) return [];
    const { service, template_id, wording, level } = one;
    return {
      service,
      template_id,
      wording,
      level,
      lines: Math.round(own.reduce((sum, { lines }) => sum + lines, 0)),
      first_ms: Math.min(...own.map(({ first_ms }) => first_ms)),
      last_ms: Math.max(...own.map(({ last_ms }) => last_ms)),
    };
  });
}

function mergeErrors(
  templates: readonly Resolved[],
  { patterns }: ReadContext,
  { startMs }: TimeRange,
): ErrorPatternRow[] {
  const errors = templates.filter(({ level }) => level === 'error' || level === 'fatal');
  const firsts = new Map<string, LogLine>();
  for (const { service, level, template_id, first } of errors) {
    const key = `${service}\n${level}\n${template_id}`;
    const known = firsts.get(key);
    if (!known || first.timeMs < known.timeMs) firsts.set(key, first);
  }
  return mergeTemplates(errors).flatMap(({ service, template_id, wording, level, lines }) => {
    const first = firsts.get(`${service}\n${level}\n${template_id}`);
    if (!first) return [];
    const known_pattern_id = patterns.match(first.text)?.id ?? null;
    const key = { service, template_id, level, start_ms: startMs };
    return [{ ...key, wording, known_pattern_id, lines, first_timestamp_ns: first.timestampNs }];
  });
}

function baselinesOf(
  totals: ReturnType<typeof totalByService>,
  lines: readonly LogLine[],
  { startMs, endMs }: TimeRange,
): PerformanceBaselineRow[] {
  const latencies = new Map(latencyByService(lines, []).map((one) => [one.service, one]));
  return [...totals].map(([service, counted]) => {
    const latency = latencies.get(service);
    return {
      service,
      start_ms: startMs,
      end_ms: endMs,
      ...counted,
      measured_lines: latency?.lines ?? 0,
      p50_ms: latency?.p50_ms ?? null,
      p95_ms: latency?.p95_ms ?? null,
      p99_ms: latency?.p99_ms ?? null,
    };
  });
}
