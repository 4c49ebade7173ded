import { type RequestCourse, requestCourse } from '../../../engine/requests/request-course.ts';
import { type ServiceGraph, type ServiceNode, serviceGraph } from '../../../engine/requests/call-graph.ts';
import { duration, named, percent } from '../../../engine/findings/wording.ts';
import { countLines, total, totalByService } from '../count-lines.ts';
import { isoRange } from '../iso-time.ts';
import type { ReadContext } from '../read-context.ts';
import { writeQueries } from '../write-answer.ts';
import { describeGraph } from './describe-graph.ts';
import { type RequestsRead, readRequests } from './read-requests.ts';
import type { GraphAnswer } from './schema.ts';
import { writeGraph } from './write-graph.ts';
import { nextTurn } from '../../../turns.ts';

const REQUESTS_A_TURN = 200;
const BOTTLENECKS_MAX = 3;
const BOTTLENECK_SHARE = 0.1;

/** The graph of services of the window, from its requests: calls, latency, failures, bottlenecks, cascades. */
export async function correlateWindow(
  context: ReadContext,
): Promise<Omit<GraphAnswer, 'cached' | 'took_ms'>> {
  const unfiltered = { ...context, filter: { ids: {} } };
  const [counts, read] = await Promise.all([
    countLines(unfiltered, context.window, 'lines by service and level'),
    readRequests(context),
  ]);
  const graph = serviceGraph(await followAll(read));
  const scale = read.sampled && read.linesRead > 0 ? read.linesCounted / read.linesRead : 1;
  const counted = total(counts);
  return {
    kind: 'graph',
    id_field: read.field,
    window: isoRange(context.window),
    summary: describeGraph(graph, counted),
    ...writeGraph(graph, totalByService(counts), scale, read.field ?? ''),
    bottlenecks: bottlenecks(graph),
    coverage: {
      lines_counted: counted,
      lines_read: read.linesRead,
      cut: read.sampled,
      note: coverageNote(read, graph),
    },
    queries: writeQueries(context),
    warnings: [...context.warnings],
  };
}

async function followAll({ byId }: RequestsRead): Promise<ReadonlyMap<string, RequestCourse>> {
  const courses = new Map<string, RequestCourse>();
  for (const [id, lines] of byId) {
    courses.set(id, requestCourse(lines));
    if (courses.size % REQUESTS_A_TURN === 0) await nextTurn();
  }
  return courses;
}

function bottlenecks({ services }: ServiceGraph): GraphAnswer['bottlenecks'] {
  return services
    .filter(({ selfShare }) => selfShare >= BOTTLENECK_SHARE)
    .slice(0, BOTTLENECKS_MAX)
    .map((node) => ({
      service: node.service,
      self_share: Math.round(node.selfShare * 1_000) / 1_000,
      reason: bottleneckReason(node),
    }));
}

function bottleneckReason({ service, selfShare, self, calls }: ServiceNode): string {
  return `${named(service)} has ${percent(selfShare)} of all time spent: ${duration(self.p50Ms)} of its own in the median of ${calls.toLocaleString('en')} calls read, ${duration(self.p95Ms)} at p95.`;
}

function coverageNote(
  { field, linesRead, linesCounted, sampled, byId }: RequestsRead,
  graph: ServiceGraph,
): string {
  if (field === null) return 'No line of the window carries the id of a request.';
  const words = `${byId.size.toLocaleString('en')} requests by ${field}, ${linesRead.toLocaleString('en')} of ${linesCounted.toLocaleString('en')} lines that carry it`;
  if (!sampled) return `${words}: all of them.`;
  return `${words}: whole requests, ${graph.failedRequests.toLocaleString('en')} of them failed. Calls are scaled up; lines and errors by service are exact.`;
}
