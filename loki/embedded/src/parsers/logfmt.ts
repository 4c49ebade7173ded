import type { Extraction } from '../logql/syntax.ts';
import type { CompiledStage, Entry } from '../pipeline/entry.ts';
import { labelNameOf } from '../pipeline/label-name.ts';
import { scanLogfmt } from './logfmt-scanner.ts';

const LOGFMT_ERROR = 'LogfmtParserErr';

type LogfmtOptions = { readonly strict: boolean; readonly keepEmpty: boolean };

/** `| logfmt`: every pair becomes a label; without --keep-empty a key without value is left out. */
export function compileLogfmt({ strict, keepEmpty }: LogfmtOptions): CompiledStage {
  return (entry) => {
    if (entry.isComplete()) return true;
    scan(entry, strict, (key, value) => {
      const name = labelNameOf(key);
      return name === '' || (!keepEmpty && value === '') || entry.extract(name, value);
    });
    return true;
  };
}

/** `| logfmt label="key"`: only the named keys become labels; a missing one is empty. */
export function compileLogfmtExpressions(extractions: readonly Extraction[], strict: boolean): CompiledStage {
  const labelOfKey = new Map(extractions.map(({ label, expression }) => [expression, label]));
  return (entry) => {
    if (entry.isComplete()) return true;
    for (const label of labelOfKey.values()) if (!entry.streamHas(label)) entry.set('parsed', label, '');
    scan(entry, strict, (key, value) => {
      const label = labelOfKey.get(labelNameOf(key));
      return label === undefined || entry.extract(label, value);
    });
    return true;
  };
}

function scan(entry: Entry, strict: boolean, visit: (key: string, value: string) => boolean): void {
  const mistake = scanLogfmt(entry.line, strict, (key, value) =>
    visit(key, value.includes('\ufffd') ? '' : value),
  );
  if (strict && mistake)
    entry.fail(LOGFMT_ERROR, `logfmt syntax error at pos ${mistake.position} : ${mistake.reason}`);
}
