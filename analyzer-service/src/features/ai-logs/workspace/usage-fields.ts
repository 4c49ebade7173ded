import type { LogLine } from '../../../engine/log-line.ts';
import {
  INPUT_TOKEN_NAMES,
  LATENCY_NAMES,
  MODEL_NAMES,
  OUTPUT_TOKEN_NAMES,
  TOKEN_NAMES,
} from '../model-call.ts';
import { namedValues } from '../named-values.ts';
import type { ReadContext } from '../read-context.ts';
import { quote, selector } from '../../../engine/logql/selector.ts';

/** Where a workspace's lines say what a call of a model used, and how Loki has to parse them to see it. */
export interface UsageFields {
  /** Services whose lines name a model: no others have to be searched. */
  readonly services: readonly string[];
  readonly parser: '' | ' | json' | ' | logfmt';
  readonly model: string;
  readonly total: string | null;
  readonly input: string | null;
  readonly output: string | null;
  /** `text` carries its own unit: 12ms, 1.5s; a bare number counts as milliseconds. */
  readonly latency: { readonly name: string; readonly unit: 'ms' | 'text' } | null;
}

const LINES_LOOKED_AT = 500;

/** Looks at some lines that name a model. Null when none does. */
export async function findUsageFields(context: ReadContext): Promise<UsageFields | null> {
  const { filter, labels, source, window, signal } = context;
  const base = selector(filter, labels);
  const request = { range: window, limit: LINES_LOOKED_AT, signal };
  const inText = await source.read('how lines tell of models', {
    query: `${base} |~ ${quote(MODEL_NAMES.join('|'))}`,
    ...request,
  });
  const lines =
    inText.length > 0
      ? inText
      : await source.read('how structured metadata tells of models', {
          query: `${base} | ${MODEL_NAMES.map((name) => `${name}!=""`).join(' or ')}`,
          ...request,
        });
  return fieldsOf(lines);
}

function fieldsOf(lines: readonly LogLine[]): UsageFields | null {
  const seen = new Map<string, { lines: number; example: string }>();
  const parsers = { json: 0, logfmt: 0 };
  const services = new Set<string>();
  for (const line of lines) {
    const { format, fields } = namedValues(line);
    if (!MODEL_NAMES.some((name) => fields[name] ?? line.fields[name])) continue;
    services.add(line.service);
    if (format && MODEL_NAMES.some((name) => fields[name])) parsers[format] += 1;
    for (const [name, value] of Object.entries({ ...line.fields, ...fields })) {
      const known = seen.get(name);
      seen.set(name, { lines: (known?.lines ?? 0) + 1, example: known?.example ?? value });
    }
  }
  const mostUsed = (names: readonly string[]) =>
    names
      .filter((name) => seen.has(name))
      .sort((a, b) => (seen.get(b)?.lines ?? 0) - (seen.get(a)?.lines ?? 0))[0] ?? null;
  const model = mostUsed(MODEL_NAMES);
  if (model === null) return null;
  const latency = mostUsed(LATENCY_NAMES);
  const [parser, parsed] =
    parsers.json >= parsers.logfmt
      ? (['json', parsers.json] as const)
      : (['logfmt', parsers.logfmt] as const);
  return {
    services: [...services].filter(Boolean),
    parser: parsed > 0 ? ` | ${parser}` : '',
    model,
    total: mostUsed(TOKEN_NAMES),
    input: mostUsed(INPUT_TOKEN_NAMES),
    output: mostUsed(OUTPUT_TOKEN_NAMES),
    latency:
      latency === null
        ? null
        : {
            name: latency,
            unit: /[a-zµ]$/.test(seen.get(latency)?.example ?? '') ? 'text' : 'ms',
          },
  };
}
