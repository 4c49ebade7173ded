import type { z } from 'zod';

type Schema = Readonly<Record<string, unknown>>;

/** How far back from the end a place is looked for at which what is whole can be closed. */
const TRIES_MAX = 300;

/**
 * JSON of the form `schema` from what a model wrote until its tokens ran out: what is whole stays, what is half is left
 * out, lists that are asked for and missing are empty, and texts that are too long are cut. Null where that gives nothing of the form.
 */
export function closeJson(text: string, schema: Schema, form: z.ZodType): string | null {
  for (const { end, closing } of placesToClose(text).slice(-TRIES_MAX).toReversed()) {
    const value = parse(text.slice(0, end) + closing);
    if (typeof value !== 'object' || value === null) continue;
    const mended = mend(value, schema);
    if (form.safeParse(mended).success) return JSON.stringify(mended);
  }
  return null;
}

/** After each value, with the brackets that are open there. */
function placesToClose(text: string): readonly { readonly end: number; readonly closing: string }[] {
  const places: { end: number; closing: string }[] = [];
  const open: string[] = [];
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
      if (inString) continue;
    } else if (character === '"') {
      inString = true;
      continue;
    } else if (character === '{') open.push('}');
    else if (character === '[') open.push(']');
    else if (character === '}' || character === ']') open.pop();
    else if (character !== ',') continue;
    places.push({ end: character === ',' ? at : at + 1, closing: open.toReversed().join('') });
  }
  return places;
}

/** With what the schema lets us do without the model: missing lists are empty, texts that are too long are cut. */
function mend(value: unknown, schema: Schema | undefined): unknown {
  if (!schema) return value;
  const { maxLength, items, properties, required } = schema as {
    maxLength?: number;
    items?: Schema;
    properties?: Record<string, Schema>;
    required?: readonly string[];
  };
  if (typeof value === 'string') return maxLength === undefined ? value : value.slice(0, maxLength);
  if (Array.isArray(value)) return value.map((item) => mend(item, items));
  if (typeof value !== 'object' || value === null || !properties) return value;
  const missing = (required ?? []).filter(
    (name) => !Object.hasOwn(value, name) && properties[name]?.['type'] === 'array',
  );
  return Object.fromEntries([
    ...Object.entries(value).map(([name, one]) => [name, mend(one, properties[name])]),
    ...missing.map((name) => [name, []]),
  ]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
