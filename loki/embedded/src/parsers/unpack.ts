import type { CompiledStage } from '../pipeline/entry.ts';
import { labelNameOf } from '../pipeline/label-name.ts';
import { JSON_ERROR } from './json.ts';
import { JsonSyntaxError, labelValueOf, scanObject, unescapeJson } from './json-scanner.ts';

const PACKED_ENTRY_KEY = '_entry';

/** `| unpack`: undoes Promtail's pack stage; without the packed line nothing changes. */
export const unpack: CompiledStage = (entry) => {
  if (entry.line === '') return true;
  const { line } = entry;
  let packed: string | null = null;
  const labels: [string, string][] = [];
  try {
    if (!line.startsWith('{')) throw new JsonSyntaxError('expecting json object(6), but it is not');
    scanObject(line, 0, line.length, (key, type, from, to) => {
      if (type !== 'string') return true;
      const raw = line.slice(from, to);
      if (key === PACKED_ENTRY_KEY) packed = unescapeJson(raw) ?? '';
      else labels.push([labelNameOf(key), labelValueOf(raw)]);
      return true;
    });
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    entry.fail(JSON_ERROR, error.message);
    return true;
  }
  if (packed === null) return true;
  entry.line = packed;
  for (const [name, value] of labels) entry.extract(name, value);
  return true;
};
