import type { CompiledStage, Entry } from '../pipeline/entry.ts';
import { labelNameOf } from '../pipeline/label-name.ts';
import { JsonSyntaxError, labelValueOf, scanObject } from './json-scanner.ts';

export const JSON_ERROR = 'JSONParserErr';

/** `| json`: every scalar becomes a label, nested objects are joined by `_`, arrays are left out. */
export const parseJson: CompiledStage = (entry) => {
  if (entry.isComplete()) return true;
  try {
    extractObject(entry, entry.line, 0, entry.line.length, '');
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    entry.fail(JSON_ERROR, error.message);
  }
  return true;
};

function extractObject(entry: Entry, text: string, from: number, to: number, prefix: string): boolean {
  return scanObject(text, from, to, (key, type, start, end) => {
    if (type === 'array' || type === 'null') return true;
    const name = prefix === '' ? labelNameOf(key) : `${prefix}_${labelNameOf(key, false)}`;
    if (type === 'object') return !entry.wantsPrefix(name) || extractObject(entry, text, start, end, name);
    const raw = text.slice(start, end);
    return entry.extract(name, type === 'string' ? labelValueOf(raw) : raw);
  });
}
