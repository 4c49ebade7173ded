import { z } from 'zod';
import { AppError } from '../../errors.ts';

const CHARACTERS_MAX = 50_000;
/** Their regular expressions may take for ever on what a model writes. */
const LEFT_OUT = new Set(['pattern', 'format']);

/** What checks an answer against a JSON Schema of a caller, patterns left out. Throws `invalid_request`. */
export function formOf(schema: Readonly<Record<string, unknown>>): z.ZodType {
  const text = JSON.stringify(schema);
  if (text.length > CHARACTERS_MAX)
    throw refusedSchema(`it has ${text.length} characters, and ${CHARACTERS_MAX} are allowed`);
  try {
    const plain = JSON.parse(text, (key, value: unknown) =>
      LEFT_OUT.has(key) && typeof value !== 'object' ? undefined : value,
    ) as Parameters<typeof z.fromJSONSchema>[0];
    if (text.includes('"patternProperties"')) throw new Error('patternProperties are not understood');
    return z.fromJSONSchema(plain);
  } catch (error) {
    throw refusedSchema((error as Error).message, error);
  }
}

export function refusedSchema(why: string, cause?: unknown): AppError {
  return new AppError(
    'invalid_request',
    `The schema cannot be followed: ${why}. Send a simpler JSON Schema.`,
    {
      cause,
    },
  );
}
