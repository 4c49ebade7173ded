import { RE2JS } from 're2js';
import type { Stage } from './collector-config.ts';

type Extracted = Map<string, string>;

export interface CollectedLine {
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * What a collector's pipeline makes of one line of a file: the stages that decide labels and structured metadata,
 * as Promtail's own code runs them, with Go's regular expressions. Unknown stages change neither.
 */
export function runPipeline(stages: readonly Stage[], filename: string, line: string): CollectedLine {
  const extracted: Extracted = new Map([['filename', filename]]);
  const collected = { labels: {}, metadata: {} };
  for (const stage of stages) runStage(stage, line, extracted, collected);
  return collected;
}

function runStage(
  { kind, settings, stages }: Stage,
  line: string,
  extracted: Extracted,
  collected: { labels: Record<string, string>; metadata: Record<string, string> },
): void {
  if (kind === 'regex') runRegex(settings, line, extracted);
  else if (kind === 'match') {
    const filter = /\|~ "(.*)"$/.exec(String(settings['selector']))?.[1] ?? '';
    if (
      !compiled(JSON.parse(`"${filter}"`) as string)
        .matcher(line)
        .find()
    )
      return;
    for (const stage of stages) runStage(stage, line, extracted, collected);
  } else if (kind === 'json') runJson(settings, line, extracted);
  else if (kind === 'logfmt') runLogfmt(settings, line, extracted);
  else if (kind === 'template') runTemplate(settings, extracted);
  else if (kind === 'labels') Object.assign(collected.labels, pick(settings, extracted));
  else if (kind === 'structured_metadata') Object.assign(collected.metadata, pick(settings, extracted));
}

function runRegex(settings: Stage['settings'], line: string, extracted: Extracted): void {
  const pattern = compiled(String(settings['expression']));
  const source = settings['source'];
  const matcher = pattern.matcher(typeof source === 'string' ? (extracted.get(source) ?? '') : line);
  if (!matcher.find()) return;
  for (const name of Object.keys(pattern.namedGroups())) extracted.set(name, matcher.group(name) ?? '');
}

/** JMESPath as far as it is used: alternatives of top-level keys. */
function runJson(settings: Stage['settings'], line: string, extracted: Extracted): void {
  let object: Record<string, unknown>;
  try {
    object = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return;
  }
  for (const [name, expression] of Object.entries(settings['expressions'] as Record<string, string>)) {
    const keys = (expression || name).split(' || ');
    const value = keys
      .map((key) => object[key])
      .find((found) => found !== undefined && found !== null && found !== '');
    if (value === undefined) extracted.delete(name);
    else extracted.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
}

function runLogfmt(settings: Stage['settings'], line: string, extracted: Extracted): void {
  const mapping = Object.entries(settings['mapping'] as Record<string, string>);
  for (const [, key, quoted, bare] of line.matchAll(/([^\s=]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)) {
    const name = mapping.find(([name, from]) => (from || name) === key)?.[0];
    if (name !== undefined) extracted.set(name, quoted ?? bare ?? '');
  }
}

/** The three shapes of template that the configuration uses: the first that is set, a guard, a table of words. */
function runTemplate(settings: Stage['settings'], extracted: Extracted): void {
  const [source, template] = [String(settings['source']), String(settings['template'])];
  const first = /^\{\{ default \(default "" \.(\w+)\) \.(\w+) \}\}$/.exec(template);
  const guard = /^\{\{ if regexMatch "(.*)" \(default "" \.(\w+)\) \}\}\{\{ \.\2 \}\}\{\{ end \}\}$/.exec(
    template,
  );
  const result = first
    ? extracted.get(first[2] ?? '') || extracted.get(first[1] ?? '') || ''
    : guard
      ? guarded(extracted.get(guard[2] ?? '') ?? '', JSON.parse(`"${guard[1]}"`) as string)
      : lookUp(template, extracted);
  if (result === '') extracted.delete(source);
  else extracted.set(source, result);
}

function guarded(value: string, pattern: string): string {
  return compiled(pattern).matcher(value).find() ? value : '';
}

function lookUp(template: string, extracted: Extracted): string {
  for (const [, field = '', words = '', result = ''] of template.matchAll(
    /if eq \(ToLower \(default "" \.(\w+)\)\) ((?:"\w+" )+)-\}\}(\w+)/g,
  )) {
    if (words.includes(`"${(extracted.get(field) ?? '').toLowerCase()}"`)) return result;
  }
  return /\{\{- else -\}\}(\w+)\{\{- end -\}\}$/.exec(template)?.[1] ?? '';
}

const patterns = new Map<string, RE2JS>();

function compiled(pattern: string): RE2JS {
  const known = patterns.get(pattern) ?? RE2JS.compile(pattern);
  patterns.set(pattern, known);
  return known;
}

function pick(settings: Stage['settings'], extracted: Extracted): Record<string, string> {
  const values = Object.entries(settings['values'] as Record<string, string>);
  return Object.fromEntries(
    values.flatMap(([name, from]) => {
      const value = extracted.get(from || name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
