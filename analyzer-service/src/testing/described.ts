import { z } from 'zod';

export interface Description {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: { readonly example?: unknown } }[];
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}

/** What is wrong with an answer by what the service says about itself at /openapi.json; null when nothing is. */
export function unlikeDescribed(
  description: Description,
  {
    method = 'get',
    path,
    status,
  }: { readonly method?: string; readonly path: string; readonly status: number },
  answer: unknown,
): string | null {
  const operation = description.paths[path]?.[method];
  if (!operation) return `${method} ${path} is not described`;
  const schema = operation.responses[status]?.content?.['application/json']?.schema;
  if (!schema) return `${method} ${path} does not describe a ${status}`;
  const checked = z.fromJSONSchema(selfContained(schema, description)).safeParse(answer);
  return checked.success ? null : `${method} ${path}: ${z.prettifyError(checked.error)}`;
}

/** The schema with all that it refers to, and objects that hold nothing but what is described. */
function selfContained(schema: object, { components }: Description): z.core.JSONSchema.JSONSchema {
  const text = JSON.stringify({ ...schema, $defs: components.schemas });
  return JSON.parse(
    text.replaceAll('#/components/schemas/', '#/$defs/'),
    closed,
  ) as z.core.JSONSchema.JSONSchema;
}

function closed(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('properties' in value)) return value;
  return 'additionalProperties' in value ? value : { ...value, additionalProperties: false };
}
