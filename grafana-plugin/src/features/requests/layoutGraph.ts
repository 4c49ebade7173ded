import { Graph, layout } from '@dagrejs/dagre';
import type { GraphAnswer } from '../../../../analyzer-service/src/contract.ts';

export const NODE_WIDTH = 224;
export const NODE_HEIGHT = 74;

export interface Placed {
  readonly service: string;
  readonly x: number;
  readonly y: number;
}

/** Callers left of what they call, or above it where there is little width. */
export type Direction = 'right' | 'down';

type Answer = Pick<GraphAnswer, 'services' | 'edges'>;

/** The same answer always gives the same picture. Positions are top left corners. */
export function layoutGraph(answer: Answer, direction: Direction): readonly Placed[] {
  const graph = new Graph().setGraph(
    direction === 'right'
      ? { rankdir: 'LR', nodesep: 28, ranksep: 150 }
      : { rankdir: 'TB', nodesep: 20, ranksep: 70 },
  );
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { service } of [...answer.services].sort((a, b) => a.service.localeCompare(b.service))) {
    graph.setNode(service, { width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  for (const { caller, callee } of forwardEdges(answer)) {
    graph.setEdge(caller, callee);
  }
  layout(graph);
  return answer.services.map(({ service }) => {
    const { x = 0, y = 0 } = graph.node(service);
    return { service, x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 };
  });
}

/** Few calls against the stream, such as those read out of order, must not turn the picture round. */
function forwardEdges({ services, edges }: Answer): GraphAnswer['edges'] {
  const entries = new Set(services.filter(({ entry }) => entry).map(({ service }) => service));
  const calls = new Map(edges.map((edge) => [`${edge.caller}→${edge.callee}`, edge.calls]));
  return edges.filter(
    ({ caller, callee, calls: there }) =>
      caller !== callee &&
      (!entries.has(callee) || entries.has(caller)) &&
      there >= (calls.get(`${callee}→${caller}`) ?? 0),
  );
}
