import type { CompiledStage } from '../pipeline/entry.ts';
import { executeTemplate } from './template/execute-template.ts';
import { parseTemplate } from './template/parse-template.ts';
import { markTemplateError } from './label-format.ts';

/** `| line_format "{{.label}}"`: the line becomes what the template writes. */
export function compileLineFormat(template: string): CompiledStage {
  const nodes = parseTemplate(template);
  return (entry) => {
    try {
      const call = { line: entry.line, timestamp: entry.timestamp };
      entry.line = executeTemplate(nodes, call, entry.labels());
    } catch (error) {
      markTemplateError(entry, error);
    }
    return true;
  };
}
