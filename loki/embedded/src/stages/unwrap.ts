import { compileLabelFilter } from '../filters/label-filter.ts';
import { parseBytes, parseDurationNs, parseGoFloat } from '../logql/literals.ts';
import type { Unwrap } from '../logql/syntax.ts';
import type { Entry } from '../pipeline/entry.ts';

const SAMPLE_ERROR = 'SampleExtractionErr';

/** `| unwrap label`: the label's number, or null when the line has none. */
export function compileUnwrap({ label, conversion, filters }: Unwrap): (entry: Entry) => number | null {
  const convert = CONVERSIONS[conversion ?? 'number'];
  const tests = filters.map(compileLabelFilter);
  return (entry) => {
    const text = entry.get(label) ?? '';
    if (text === '') return null;
    const value = convert(text);
    if (value === null)
      entry.fail(SAMPLE_ERROR, `${JSON.stringify(text)} is not a ${conversion ?? 'number'}`);
    return tests.every((test) => test(entry)) ? (value ?? 0) : null;
  };
}

const seconds = (text: string): number | null => {
  const value = parseDurationNs(text, true);
  return value === null ? null : value / 1e9;
};

const CONVERSIONS: Readonly<
  Record<'number' | NonNullable<Unwrap['conversion']>, (text: string) => number | null>
> = {
  number: parseGoFloat,
  duration: seconds,
  duration_seconds: seconds,
  bytes: parseBytes,
};
