import { createHash } from 'node:crypto';
import type {
  CorrelationRow,
  ErrorPatternRow,
  LearnedTemplateRow,
  OperationRow,
  PerformanceBaselineRow,
} from '../../../database.ts';
import type { LogLine, TimeRange } from '../../../engine/log-line.ts';
import { quote, selector } from '../../../engine/logql/selector.ts';
import type { TemplateMiner } from '../../../engine/templates/template-miner.ts';
import { countLines, totalByService } from '../count-lines.ts';
import { followRequests } from '../follow-requests.ts';
import { inTurns } from '../../../turns.ts';
import { latencyByService } from '../latency-by-service.ts';
import { MODEL_NAMES, readModelCall } from '../model-call.ts';
import type { ReadContext } from '../read-context.ts';
import { readSample } from '../read-sample.ts';
import { requestIdOf } from '../request-id.ts';
import { correlationsOf } from './slice-requests.ts';
import { templatesOf } from './slice-templates.ts';

/** What one slice of the logs adds to the database. */
export interface SliceFacts {
  readonly operations: readonly OperationRow[];
  readonly correlations: readonly CorrelationRow[];
  readonly templates: readonly LearnedTemplateRow[];
  /** Ids of the templates that no line had before. */
  readonly newWordings: ReadonlySet<string>;
  readonly errorPatterns: readonly ErrorPatternRow[];
  readonly baselines: readonly PerformanceBaselineRow[];
}

/** Reads the context's window; `miner` learns from it. The counts of sampled templates are scaled up. */
export async function readSlice(context: ReadContext, miner: TemplateMiner): Promise<SliceFacts> {
  const { window } = context;
  const counts = await countLines(context, window, 'lines by service and level');
  const [lines, calls] = await Promise.all([
    readSample(context, window, counts, context.linesReadMax),
    readCalls(context),
  ]);
  const followed = await followRequests(context, window, lines);
  const operations = await inTurns(calls, (line) => operationOf(line, context.requestIdFields));
  return {
    operations: operations.flat(),
    correlations: await correlationsOf([...lines, ...followed], context.requestIdFields),
    ...(await templatesOf(lines, miner, context)),
    baselines: await baselinesOf(totalByService(counts), lines, window),
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

async function baselinesOf(
  totals: ReturnType<typeof totalByService>,
  lines: readonly LogLine[],
  { startMs, endMs }: TimeRange,
): Promise<PerformanceBaselineRow[]> {
  const latencies = new Map((await latencyByService(lines, [])).map((one) => [one.service, one]));
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
