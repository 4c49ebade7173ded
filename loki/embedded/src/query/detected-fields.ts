import { parseBytes, parseDurationNs, parseGoFloat } from '../logql/literals.ts';
import type { LogQuery } from '../logql/syntax.ts';
import { compileLogfmt } from '../parsers/logfmt.ts';
import { parseJson } from '../parsers/json.ts';
import { Entry, noLabels, type Labels } from '../pipeline/entry.ts';
import { runLogQuery, type FoundLine } from './log-query.ts';
import type { QueryContext } from './query-context.ts';

type FieldType = 'int' | 'float' | 'boolean' | 'duration' | 'bytes' | 'string';

export type DetectedField = {
  type: FieldType;
  readonly values: Set<string>;
  readonly parsers: Set<string>;
};

const parseLogfmt = compileLogfmt({ strict: false, keepEmpty: false });

/** The fields in the newest lines of a query: structured metadata, and what json or logfmt find in the text. */
export async function detectFields(
  context: QueryContext,
  query: LogQuery,
  range: { readonly fromNs: bigint; readonly toNs: bigint },
  linesMax: number,
): Promise<Map<string, DetectedField>> {
  const found = await runLogQuery(context, query, { ...range, limit: linesMax, direction: 'backward' });
  const fields = new Map<string, DetectedField>();
  for (const line of found) {
    for (const name in line.labels.metadata) note(fields, name, line.labels.metadata[name] ?? '', null);
    const { labels, parser } = fieldsOf(line);
    for (const name in labels)
      if (!name.startsWith('__error')) note(fields, name, labels[name] ?? '', parser);
  }
  return fields;
}

function note(fields: Map<string, DetectedField>, name: string, value: string, parser: string | null): void {
  let field = fields.get(name);
  if (!field) {
    field = { type: 'string', values: new Set(), parsers: new Set() };
    fields.set(name, field);
  }
  field.type = typeOf(value);
  field.values.add(value);
  if (parser) field.parsers.add(parser);
}

/** What the query's own parsers found, and what json finds or else logfmt. */
function fieldsOf({ timestamp, line, labels }: FoundLine): { labels: Labels; parser: string } {
  const json = parsedBy(parseJson, timestamp, line, labels.stream);
  const found = json ?? parsedBy(parseLogfmt, timestamp, line, labels.stream);
  return { labels: { ...labels.parsed, ...found }, parser: json ? 'json' : 'logfmt' };
}

function parsedBy(
  parse: (entry: Entry) => boolean,
  timestamp: string,
  line: string,
  stream: Labels,
): Labels | null {
  const entry = new Entry();
  entry.reset(timestamp, line, stream, null);
  parse(entry);
  if (entry.error !== '') return null;
  const parsed = noLabels();
  entry.visitLabels((name, value, category) => {
    if (category === 'parsed') parsed[name] = value;
  });
  return parsed;
}

function typeOf(value: string): FieldType {
  if (/^[+-]?\d{1,19}$/.test(value)) return 'int';
  if (parseGoFloat(value) !== null) return 'float';
  if (/^(?:1|0|t|f|true|false|TRUE|FALSE|True|False|T|F)$/.test(value)) return 'boolean';
  if (parseDurationNs(value, true) !== null) return 'duration';
  return parseBytes(value) === null ? 'string' : 'bytes';
}
