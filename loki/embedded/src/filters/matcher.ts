import type { Matcher } from '../logql/syntax.ts';
import { compileAnchoredRegex } from './regex.ts';

/** The test of `name="value"` and its kin on a label's value; an absent label is the empty string. */
export function compileMatcher({ operator, value }: Matcher): (labelValue: string) => boolean {
  if (operator === '=') return (labelValue) => labelValue === value;
  if (operator === '!=') return (labelValue) => labelValue !== value;
  const matches = compileAnchoredRegex(value);
  const results = new Map<string, boolean>();
  const cached = (labelValue: string): boolean => {
    let result = results.get(labelValue);
    if (result === undefined) {
      result = matches(labelValue);
      if (results.size < 1000) results.set(labelValue, result);
    }
    return result;
  };
  return operator === '=~' ? cached : (labelValue) => !cached(labelValue);
}
