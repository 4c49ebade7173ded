import { RE2JS } from 're2js';
import { badRequest } from '../errors.ts';
import { literalsOf } from './literals.ts';

const PATTERN_LENGTH_MAX = 10_000;
const compiled = new Map<string, RE2JS>();
const COMPILED_MAX = 500;

/** A regular expression in RE2's syntax, which takes linear time on any input. */
export function compileRegex(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  if (pattern.length > PATTERN_LENGTH_MAX)
    throw badRequest(
      `parse error : error parsing regexp: expression is longer than ${PATTERN_LENGTH_MAX} characters`,
    );
  try {
    const regex = RE2JS.compile(pattern);
    if (compiled.size >= COMPILED_MAX) compiled.clear();
    compiled.set(pattern, regex);
    return regex;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw badRequest(`parse error : error parsing regexp: ${message.replace(/^error parsing regexp: /, '')}`);
  }
}

/** The test of a matcher on a label value: the whole value must match. */
export function compileAnchoredRegex(pattern: string): (value: string) => boolean {
  const literals = literalsOf(pattern);
  if (literals) {
    const values = new Set(literals);
    return (value) => values.has(value);
  }
  const regex = compileRegex(`^(?s:${pattern})$`);
  return (value) => regex.test(value);
}
