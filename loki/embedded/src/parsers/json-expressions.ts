import { badRequest } from '../errors.ts';
import type { Extraction } from '../logql/syntax.ts';
import type { CompiledStage, Entry } from '../pipeline/entry.ts';
import { JSON_ERROR } from './json.ts';
import { JsonSyntaxError, labelValueOf, scanArray, scanObject, type JsonType } from './json-scanner.ts';

type Step = string | number;
type Found = { readonly type: JsonType; readonly raw: string };

/** `| json label="path.to[0].field"`: only the named fields become labels; a missing one is empty. */
export function compileJsonExpressions(extractions: readonly Extraction[]): CompiledStage {
  const fields = extractions.map(({ label, expression }) => ({ label, path: parsePath(expression) }));
  return (entry) => {
    if (entry.line === '') return true;
    if (!/^["{[]/.test(entry.line)) {
      entry.fail(JSON_ERROR, '');
      return true;
    }
    for (const { label, path } of fields) extractField(entry, label, path);
    return true;
  };
}

function extractField(entry: Entry, label: string, path: readonly Step[]): void {
  let found: Found | null = null;
  try {
    found = findPath(entry.line, path);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    entry.fail(JSON_ERROR, error.message);
  }
  if (found) entry.extract(label, labelTextOf(found));
  else if (entry.get(label) === undefined) entry.set('parsed', label, '');
}

function labelTextOf({ type, raw }: Found): string {
  if (type === 'null') return '';
  return type === 'object' ? raw : labelValueOf(raw);
}

function findPath(text: string, path: readonly Step[]): Found | null {
  let found: { type: JsonType; from: number; to: number } | null = {
    type: text.startsWith('[') ? 'array' : 'object',
    from: 0,
    to: text.length,
  };
  for (const step of path) {
    if (!found || found.type !== (typeof step === 'number' ? 'array' : 'object')) return null;
    const within: { from: number; to: number } = found;
    found = null;
    const scan = typeof step === 'number' ? scanArray : scanObject;
    scan(text, within.from, within.to, (key, type, from, to) => {
      if (key !== String(step)) return true;
      found = { type, from, to };
      return false;
    });
  }
  return found && { type: found.type, raw: text.slice(found.from, found.to) };
}

const PATH_STEP = /(?:^|\.)([A-Za-z_][\w]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/gy;

function parsePath(expression: string): Step[] {
  const steps: Step[] = [];
  let end = 0;
  PATH_STEP.lastIndex = 0;
  for (let step = PATH_STEP.exec(expression); step; step = PATH_STEP.exec(expression)) {
    const [, field, index, quoted] = step;
    steps.push(field ?? (index === undefined ? (JSON.parse(`"${quoted ?? ''}"`) as string) : Number(index)));
    end = PATH_STEP.lastIndex;
  }
  if (steps.length === 0 || end !== expression.length)
    throw badRequest(`parse error : invalid json expression parser: cannot parse expression [${expression}]`);
  return steps;
}
