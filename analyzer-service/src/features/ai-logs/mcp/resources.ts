import type { ReadResourceResult, Resource } from '@modelcontextprotocol/sdk/types.js';
import type { KnownPattern } from '../../../engine/library/known-pattern.ts';
import { AppError } from '../../../errors.ts';
import type { AgentIncidents } from './agent-incidents.ts';
import { fenced } from './reply.ts';
import type { AgentOptions } from './tool.ts';
import { incidentPiece } from './tools/incidents.ts';

const LIBRARY = 'sonde://patterns';
const INCIDENTS = 'sonde://incidents';
const INCIDENTS_SHOWN = 10;

export const RESOURCES: readonly Resource[] = [
  {
    uri: LIBRARY,
    name: 'pattern library',
    description: 'Known kinds of trouble; read sonde://patterns/{id} for causes and next steps of one',
    mimeType: 'text/plain',
  },
  {
    uri: INCIDENTS,
    name: 'last incidents',
    description: 'What alerts found lately, the newest first; the tool incidents tells one whole',
    mimeType: 'text/plain',
  },
];

export const RESOURCE_TEMPLATES = [
  {
    uriTemplate: `${LIBRARY}/{id}`,
    name: 'one known pattern',
    description: 'Meaning, causes and next steps',
    mimeType: 'text/plain',
  },
];

/** Throws `not_found` with what there is. */
export async function readKnownResource(
  uri: string,
  { aiLogs, incidents }: AgentOptions,
): Promise<ReadResourceResult> {
  const { known } = aiLogs.patterns();
  const text =
    uri === LIBRARY
      ? index(known)
      : uri === INCIDENTS
        ? await lastIncidents(incidents)
        : patternText(uri, known);
  if (text === null)
    throw new AppError(
      'not_found',
      `There is no such resource. Read ${LIBRARY} for the ids of known patterns, then ${LIBRARY}/{id}, or ${INCIDENTS}.`,
    );
  return { contents: [{ uri, mimeType: 'text/plain', text }] };
}

async function lastIncidents(incidents: AgentIncidents): Promise<string> {
  const { incidents: found } = await incidents.list({ limit: INCIDENTS_SHOWN });
  return found.length === 0 ? 'No incident is kept.' : fenced(found.map(incidentPiece).join('\n'));
}

function index(known: readonly KnownPattern[]): string {
  return known
    .map(({ id, category, severity, meaning }) => `${id} ${category} ${severity}: ${meaning}`)
    .join('\n');
}

function patternText(uri: string, known: readonly KnownPattern[]): string | null {
  const id = uri.startsWith(`${LIBRARY}/`) ? uri.slice(LIBRARY.length + 1) : '';
  const pattern = known.find((candidate) => candidate.id === id);
  if (!pattern) return null;
  const { category, severity, meaning, causes, nextSteps } = pattern;
  return [
    `${id} ${category} ${severity}`,
    `means: ${meaning}`,
    ...causes.map((cause) => `cause: ${cause}`),
    ...nextSteps.map((step) => `do: ${step}`),
  ].join('\n');
}
