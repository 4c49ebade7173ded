import type { Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { TOOLS } from './all-tools.ts';

/** Words of a JSON schema that a model does without: the call is checked all the same, and an error says what to write. */
const LEFT_OUT = new Set([
  '$schema',
  'additionalProperties',
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
]);

/** The tools as a client lists them. Every token here is paid by every conversation. */
export function listTools(): ListedTool[] {
  listed ??= TOOLS.map(({ name, description, arguments: schema }) => ({
    name,
    description,
    inputSchema: {
      type: 'object' as const,
      properties: Object.fromEntries(
        Object.entries(z.toJSONSchema(schema, { io: 'input' }).properties ?? {}).map(([key, value]) => [
          key,
          compact(value as Readonly<Record<string, unknown>>),
        ]),
      ) as Record<string, object>,
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  }));
  return listed;
}

let listed: ListedTool[] | null = null;

/** A list may be given with commas: to JSON schema it is a text. */
function compact(schema: Readonly<Record<string, unknown>>): object {
  const kept = Object.entries(schema).filter(([word]) => !LEFT_OUT.has(word));
  const { type = 'string', ...rest } = Object.fromEntries(kept);
  return 'enum' in rest ? rest : { type, ...rest };
}
