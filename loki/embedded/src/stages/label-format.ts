import { LokiError, badRequest } from '../errors.ts';
import type { LabelFormat } from '../logql/syntax.ts';
import type { CompiledStage, Entry } from '../pipeline/entry.ts';
import { executeTemplate } from './template/execute-template.ts';
import { parseTemplate } from './template/parse-template.ts';
import { TemplateError } from './template/template-error.ts';

const TEMPLATE_ERROR = 'TemplateFormatErr';

/** `| label_format a=b, c="{{.d}}"`: renames labels, or sets them to what a template writes. */
export function compileLabelFormat(formats: readonly LabelFormat[]): CompiledStage {
  const seen = new Set<string>();
  for (const { label } of formats) {
    if (label === '__error__') throw badRequest(`parse error : ${label} cannot be formatted`);
    if (seen.has(label))
      throw badRequest(
        `parse error : multiple label name '${label}' not allowed in a single format operation`,
      );
    seen.add(label);
  }
  const steps = formats.map(({ label, kind, value }) =>
    kind === 'rename' ? rename(label, value) : write(label, value),
  );
  return (entry) => {
    let labels: Record<string, string> | null = null;
    for (const step of steps) step(entry, () => (labels ??= entry.labels()));
    return true;
  };
}

type Step = (entry: Entry, labels: () => Record<string, string>) => void;

function rename(to: string, from: string): Step {
  return (entry) => {
    const category = entry.categoryOf(from);
    const value = entry.get(from);
    if (category === undefined || value === undefined) return;
    entry.set(category, to, value);
    entry.delete(from);
  };
}

function write(label: string, template: string): Step {
  const nodes = parseTemplate(template);
  return (entry, labels) => {
    try {
      const call = { line: entry.line, timestamp: entry.timestamp };
      entry.set('parsed', label, executeTemplate(nodes, call, labels()));
    } catch (error) {
      markTemplateError(entry, error);
    }
  };
}

/** A template that cannot be run leaves the line as it is and marks it. */
export function markTemplateError(entry: Entry, error: unknown): void {
  if (!(error instanceof TemplateError) && !(error instanceof LokiError)) throw error;
  entry.fail(TEMPLATE_ERROR, error.message);
}
