import { replaceMatches } from '../../filters/expand.ts';
import { compileRegex } from '../../filters/regex.ts';
import { castCount, text } from './arguments.ts';
import { encodeQuery } from './builtin-functions.ts';
import type { FunctionTable } from './functions.ts';
import { TemplateError } from './template-error.ts';
import { isTruthy, type TemplateValue } from './template-value.ts';

const TEXT_CHARACTERS_MAX = 1_000_000;

function repeat(count: number, value: string): string {
  if (count < 0 || count * value.length > TEXT_CHARACTERS_MAX)
    throw new TemplateError('repeat: the count is out of range');
  return value.repeat(count);
}

function truncate(length: number, value: string): string {
  const characters = Array.from(value);
  if (length < 0) return characters.length + length > 0 ? characters.slice(length).join('') : value;
  return characters.length > length ? characters.slice(0, length).join('') : value;
}

function substring(start: number, end: number, value: string): string {
  const characters = Array.from(value);
  if (start < 0) return end < 0 ? '' : characters.slice(0, end).join('');
  return characters.slice(start, end < 0 || end > characters.length ? undefined : end).join('');
}

const trimSet = (value: string, set: string, sides: 'both' | 'left' | 'right'): string => {
  const members = new Set(set);
  const characters = Array.from(value);
  let [from, to] = [0, characters.length];
  if (sides !== 'right') while (from < to && members.has(characters[from] as string)) from += 1;
  if (sides !== 'left') while (to > from && members.has(characters[to - 1] as string)) to -= 1;
  return characters.slice(from, to).join('');
};

const withoutPrefix = (prefix: string, value: string): string =>
  value.startsWith(prefix) ? value.slice(prefix.length) : value;
const withoutSuffix = (suffix: string, value: string): string =>
  suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value;

/** Go's order: the string, old, new, and how often (below 0: always). */
function replaceSome(value: string, old: string, replacement: string, count: number): string {
  if (count < 0) return value.replaceAll(old, () => replacement);
  let result = value;
  let from = 0;
  for (let done = 0; done < count; done += 1) {
    const at = result.indexOf(old, from);
    if (at < 0 || (old === '' && at >= result.length)) break;
    result = result.slice(0, at) + replacement + result.slice(at + old.length);
    from = at + replacement.length + (old === '' ? 1 : 0);
  }
  return result;
}

const indent = (spaces: number, value: string): string =>
  repeat(spaces, ' ') + value.replaceAll('\n', `\n${repeat(spaces, ' ')}`);

/** Go writes groups of a replacement as $1, ${1} or ${name}. */
function regexReplace(pattern: string, value: string, replacement: string): string {
  return replaceMatches(compileRegex(pattern), value, replacement);
}

function parseJson(value: string): TemplateValue {
  try {
    return JSON.parse(value) as TemplateValue;
  } catch {
    return '';
  }
}

const text1 = (run: (value: string) => TemplateValue): FunctionTable[string] => ({
  arity: [1, 1],
  run: ([value]) => run(text(value)),
});
const text2 = (run: (first: string, second: string) => TemplateValue): FunctionTable[string] => ({
  arity: [2, 2],
  run: ([first, second]) => run(text(first), text(second)),
});
const numberThenText = (run: (count: number, value: string) => TemplateValue): FunctionTable[string] => ({
  arity: [2, 2],
  run: ([count, value]) => run(castCount(count), text(value)),
});

export const TEXT_FUNCTIONS: FunctionTable = {
  __line__: { arity: [0, 0], run: (_, { line }) => line },
  ToLower: text1((value) => value.toLowerCase()),
  ToUpper: text1((value) => value.toUpperCase()),
  lower: text1((value) => value.toLowerCase()),
  upper: text1((value) => value.toUpperCase()),
  title: text1((value) =>
    value.replaceAll(
      /(^|[^\p{L}\p{N}_'])(\p{L})/gu,
      (_, before: string, letter: string) => before + letter.toUpperCase(),
    ),
  ),
  Replace: {
    arity: [4, 4],
    run: ([value, old, replacement, count]) =>
      replaceSome(text(value), text(old), text(replacement), castCount(count)),
  },
  replace: {
    arity: [3, 3],
    run: ([old, replacement, value]) => replaceSome(text(value), text(old), text(replacement), -1),
  },
  Trim: text2((value, set) => trimSet(value, set, 'both')),
  TrimLeft: text2((value, set) => trimSet(value, set, 'left')),
  TrimRight: text2((value, set) => trimSet(value, set, 'right')),
  TrimPrefix: text2((value, prefix) => withoutPrefix(prefix, value)),
  TrimSuffix: text2((value, suffix) => withoutSuffix(suffix, value)),
  TrimSpace: text1((value) => value.trim()),
  trim: text1((value) => value.trim()),
  trimAll: text2((set, value) => trimSet(value, set, 'both')),
  trimPrefix: text2(withoutPrefix),
  trimSuffix: text2(withoutSuffix),
  trunc: numberThenText(truncate),
  substr: {
    arity: [3, 3],
    run: ([start, end, value]) => substring(castCount(start), castCount(end), text(value)),
  },
  repeat: numberThenText(repeat),
  indent: numberThenText(indent),
  nindent: numberThenText((spaces, value) => `\n${indent(spaces, value)}`),
  contains: text2((part, value) => value.includes(part)),
  hasPrefix: text2((prefix, value) => value.startsWith(prefix)),
  hasSuffix: text2((suffix, value) => value.endsWith(suffix)),
  default: {
    arity: [1, 2],
    run: ([fallback, value]) => (value !== undefined && isTruthy(value) ? value : (fallback ?? '')),
  },
  count: text2((pattern, value) => {
    const matcher = compileRegex(pattern).matcher(value);
    let matches = 0n;
    while (matcher.find()) matches += 1n;
    return matches;
  }),
  regexReplaceAll: {
    arity: [3, 3],
    run: ([pattern, value, replacement]) => regexReplace(text(pattern), text(value), text(replacement)),
  },
  regexReplaceAllLiteral: {
    arity: [3, 3],
    run: ([pattern, value, replacement]) =>
      regexReplace(text(pattern), text(value), text(replacement).replaceAll('$', '$$$$')),
  },
  urlencode: text1(encodeQuery),
  urldecode: text1((value) => {
    try {
      return decodeURIComponent(value.replaceAll('+', ' '));
    } catch {
      throw new TemplateError(`invalid URL escape in ${JSON.stringify(value)}`);
    }
  }),
  b64enc: text1((value) => Buffer.from(value).toString('base64')),
  b64dec: text1((value) => Buffer.from(value, 'base64').toString()),
  fromJson: text1(parseJson),
  alignLeft: numberThenText((width, value) => truncate(width, value).padEnd(Math.min(width, 10_000))),
  alignRight: numberThenText((width, value) => {
    const characters = Array.from(value);
    return characters
      .slice(Math.max(0, characters.length - width))
      .join('')
      .padStart(Math.min(width, 10_000));
  }),
};
