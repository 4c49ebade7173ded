import { z } from 'zod';
import { AppError } from '../../../../errors.ts';
import type { AgentIncidents, IncidentDetail, IncidentHead } from '../agent-incidents.ts';
import { evidenceId } from '../evidence-id.ts';
import { nameOf, quoteLog, sentence } from '../log-text.ts';
import type { NextCall, Reply } from '../reply.ts';
import { defineTool } from '../tool.ts';

const SUMMARY_CHARACTERS_MAX = 600;

export const incidents = defineTool({
  name: 'incidents',
  description:
    'What alerts found: the last incidents with suspect and summary; with id one whole, its findings, evidence, alerts and timeline.',
  arguments: {
    id: z.string().min(1).max(64).optional(),
    state: z.enum(['firing', 'acknowledged', 'resolved']).optional(),
    service: z.string().min(1).max(200).optional(),
    limit: z.number().int().min(1).max(50).default(10),
  },
  answer: ({ id, ...asked }, { incidents: kept }) =>
    id === undefined ? listReply(kept, asked) : oneReply(kept, id),
});

async function listReply(kept: AgentIncidents, asked: Parameters<AgentIncidents['list']>[0]): Promise<Reply> {
  const { incidents: found, more } = await kept.list(asked);
  const [newest] = found;
  return {
    head: `incidents: ${found.length}, the newest first`,
    sections: [
      { name: 'notes', pieces: found.length === 0 ? [whyNone(asked)] : [] },
      { name: 'incidents', pieces: found.map(incidentPiece) },
    ],
    cut: more ? ['older incidents'] : [],
    next: newest
      ? [
          {
            tool: 'incidents',
            arguments: { id: newest.id },
            shows: 'the newest one whole, with its evidence',
          },
        ]
      : [
          {
            tool: 'troubleshoot',
            arguments: { time_range: '1h' },
            shows: 'what the logs of the last hour say',
          },
        ],
  };
}

function whyNone({ state, service }: Parameters<AgentIncidents['list']>[0]): string {
  return state || service
    ? 'No incident is like that. Leave out state and service to see all.'
    : 'No incident is kept: alert rules open them by POST /api/v1/alerts/webhook.';
}

/** One line of the list. */
export function incidentPiece(incident: IncidentHead): string {
  const { id, state, title, summary, suspect, started, ended, feedback } = incident;
  return [
    `${state} ${id} ${started}${ended ? ` to ${ended}` : ''} suspect=${suspect ? nameOf(suspect) : 'none'} ${sentence(title)}`,
    `  ${sentence(summary, SUMMARY_CHARACTERS_MAX)}`,
    ...(feedback ? [`  ${feedbackPiece(feedback)}`] : []),
  ].join('\n');
}

function feedbackPiece({ verdict, true_cause }: NonNullable<IncidentHead['feedback']>): string {
  return `somebody said that this is ${verdict}${true_cause ? `: ${sentence(true_cause)}` : ''}`;
}

async function oneReply(kept: AgentIncidents, id: string): Promise<Reply> {
  const incident = await kept.read(id);
  if (!incident)
    throw new AppError(
      'not_found',
      `There is no incident ${id}. Call incidents without id to see which there are.`,
    );
  return {
    head: `incidents ${incident.id}`,
    sections: sectionsOf(incident),
    cut: [],
    next: nextCalls(incident),
  };
}

function sectionsOf(incident: IncidentDetail): Reply['sections'] {
  return [
    { name: 'incident', pieces: [incidentPiece(incident)] },
    {
      name: 'suspects',
      pieces: incident.suspects.map(
        ({ service, reasons }) => `suspect ${nameOf(service)}: ${sentence(reasons.join('; '))}`,
      ),
    },
    { name: 'findings', pieces: incident.findings.map(findingPiece) },
    {
      name: 'alerts',
      pieces: incident.alerts.map(
        ({ name, state, starts }) => `alert ${state} since ${starts}: ${sentence(name)}`,
      ),
    },
    {
      name: 'steps of the timeline',
      pieces: incident.timeline.map(({ time, kind, text }) => `${time} ${kind} ${sentence(text)}`),
    },
  ];
}

function findingPiece(finding: IncidentDetail['findings'][number]): string {
  const { severity, kind, service, title, since, evidence, evidence_query } = finding;
  return [
    `${severity} ${kind} ${nameOf(service)}: ${sentence(title)}${since ? ` since=${since}` : ''}`,
    ...evidence
      .slice(0, 1)
      .map(
        (line) =>
          `  line: ${line.time} ${nameOf(line.service)} ${line.level} ${quoteLog(line.line)} [${idOf(line)}]`,
      ),
    `  logql: ${sentence(evidence_query, 400)}`,
  ].join('\n');
}

function idOf({
  service,
  timestamp_ns,
  line,
}: IncidentDetail['findings'][number]['evidence'][number]): string {
  return evidenceId({ service, timestampNs: timestamp_ns, text: line });
}

function nextCalls({ findings, window }: IncidentDetail): NextCall[] {
  const [proof] = findings.flatMap(({ evidence }) => evidence.slice(0, 1));
  return [
    ...(proof
      ? [
          {
            tool: 'query_logs',
            arguments: { evidence: idOf(proof) },
            shows: 'the line that proves the first finding',
          },
        ]
      : []),
    ...(window
      ? [
          {
            tool: 'troubleshoot',
            arguments: { start: window.start, end: window.end },
            shows: 'the same time again',
          },
        ]
      : []),
  ];
}
