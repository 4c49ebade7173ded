import type { ReadResourceResult, Resource } from '@modelcontextprotocol/sdk/types.js';
import { KNOWN_PATTERNS } from '../../../engine/library/library.ts';
import { AppError } from '../../../errors.ts';

const LIBRARY = 'sonde://patterns';

export const RESOURCES: readonly Resource[] = [
  {
    uri: LIBRARY,
    name: 'pattern library',
    description: 'Known kinds of trouble; read sonde://patterns/{id} for causes and next steps of one',
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
export function readPatternResource(uri: string): ReadResourceResult {
  const text = uri === LIBRARY ? libraryIndex() : patternText(uri);
  if (text === null)
    throw new AppError(
      'not_found',
      `There is no such resource. Read ${LIBRARY} for the ids of known patterns, then ${LIBRARY}/{id}.`,
    );
  return { contents: [{ uri, mimeType: 'text/plain', text }] };
}

function libraryIndex(): string {
  return KNOWN_PATTERNS.map(
    ({ id, category, severity, meaning }) => `${id} ${category} ${severity}: ${meaning}`,
  ).join('\n');
}

function patternText(uri: string): string | null {
  const id = uri.startsWith(`${LIBRARY}/`) ? uri.slice(LIBRARY.length + 1) : '';
  const pattern = KNOWN_PATTERNS.find((candidate) => candidate.id === id);
  if (!pattern) return null;
  const { category, severity, meaning, causes, nextSteps } = pattern;
  return [
    `${id} ${category} ${severity}`,
    `means: ${meaning}`,
    ...causes.map((cause) => `cause: ${cause}`),
    ...nextSteps.map((step) => `do: ${step}`),
  ].join('\n');
}
