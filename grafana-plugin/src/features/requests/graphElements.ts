import { type Edge, MarkerType, type Node, Position } from '@xyflow/react';
import type { GrafanaTheme2 } from '@grafana/data';
import type { GraphAnswer } from '../../../../analyzer-service/src/contract.ts';
import { formatCount, formatMs, formatShare } from '../../shared/formatNumbers';
import { type Direction, NODE_HEIGHT, NODE_WIDTH, layoutGraph } from './layoutGraph';

export type GraphService = GraphAnswer['services'][number];
export type GraphEdge = GraphAnswer['edges'][number];

export interface ServiceNodeData extends Record<string, unknown> {
  readonly service: GraphService;
  readonly bottleneck: string | undefined;
  /** Requests that first broke here. */
  readonly brokeHere: number;
}

export type ServiceNode = Node<ServiceNodeData, 'service'>;

const EDGE_WIDTH_MAX = 6;

/** What the graph draws: width is calls, colour is the share of failed calls. */
export function graphElements(
  answer: GraphAnswer,
  direction: Direction,
  theme: GrafanaTheme2,
): { readonly nodes: ServiceNode[]; readonly edges: Edge[] } {
  const bottlenecks = new Map(answer.bottlenecks.map(({ service, reason }) => [service, reason]));
  const origins = new Map(answer.cascades.map(({ origin, requests }) => [origin, requests]));
  const byName = new Map(answer.services.map((service) => [service.service, service]));
  const nodes = layoutGraph(answer, direction).flatMap(({ service, x, y }): ServiceNode[] => {
    const found = byName.get(service);
    if (!found) {
      return [];
    }
    const data = {
      service: found,
      bottleneck: bottlenecks.get(service),
      brokeHere: origins.get(service) ?? 0,
    };
    return [
      {
        id: service,
        type: 'service',
        position: { x, y },
        data,
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        targetPosition: direction === 'right' ? Position.Left : Position.Top,
        sourcePosition: direction === 'right' ? Position.Right : Position.Bottom,
      },
    ];
  });
  const callsMax = Math.max(1, ...answer.edges.map(({ calls }) => calls));
  const edges = answer.edges
    .filter(({ caller, callee }) => caller !== callee)
    .map((edge) => drawEdge(edge, callsMax, theme));
  return { nodes, edges };
}

export function failureColour(share: number, theme: GrafanaTheme2): string {
  if (share >= 0.05) {
    return theme.colors.error.main;
  }
  return share > 0.005 ? theme.colors.warning.main : theme.colors.border.strong;
}

function drawEdge(edge: GraphEdge, callsMax: number, theme: GrafanaTheme2): Edge {
  const colour = failureColour(edge.failed_share, theme);
  return {
    id: `${edge.caller}→${edge.callee}`,
    source: edge.caller,
    target: edge.callee,
    label: edgeLabel(edge),
    animated: false,
    style: {
      stroke: colour,
      strokeWidth: 1 + (EDGE_WIDTH_MAX - 1) * Math.sqrt(edge.calls / callsMax),
      ...(edge.asynchronous ? { strokeDasharray: '6 4' } : {}),
    },
    labelStyle: { fill: theme.colors.text.primary, fontSize: 11 },
    labelBgStyle: { fill: theme.colors.background.primary, fillOpacity: 0.9 },
    markerEnd: { type: MarkerType.ArrowClosed, color: colour },
    ariaLabel: `${edge.caller} → ${edge.callee}: ${edgeLabel(edge)}`,
  };
}

function edgeLabel({ calls, p95_ms, failed_share }: GraphEdge): string {
  const failed = failed_share > 0 ? ` · ${formatShare(failed_share)} failed` : '';
  return `${formatCount(calls)} · ${formatMs(p95_ms)}${failed}`;
}
