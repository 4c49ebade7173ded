import { castCount, text } from './arguments.ts';
import { formatPrintf } from './printf.ts';
import { TemplateError } from './template-error.ts';
import { asMap, isTruthy, printValue, type TemplateValue } from './template-value.ts';
import type { FunctionTable } from './functions.ts';

const compareWith =
  (holds: (order: number) => boolean) =>
  (values: TemplateValue[]): boolean =>
    holds(compare(values[0] ?? null, values[1] ?? null));

function compare(left: TemplateValue, right: TemplateValue): number {
  const isOrdered = typeof left === 'string' || typeof left === 'number' || typeof left === 'bigint';
  if (!isOrdered || typeof left !== typeof right)
    throw new TemplateError('incompatible types for comparison');
  return left < (right as typeof left) ? -1 : left > (right as typeof left) ? 1 : 0;
}

function isEqual(left: TemplateValue, right: TemplateValue): boolean {
  if (left !== null && right !== null && typeof left !== typeof right)
    throw new TemplateError('incompatible types for comparison');
  return left === right;
}

function indexOf(values: TemplateValue[]): TemplateValue {
  let current = values[0] ?? null;
  for (const key of values.slice(1)) {
    const map = asMap(current);
    if (map) {
      const name = text(key);
      current = Object.hasOwn(map, name) ? (map[name] ?? null) : '';
    } else if (Array.isArray(current)) {
      const place = castCount(key);
      if (typeof key !== 'bigint' || place < 0 || place >= current.length)
        throw new TemplateError(`index out of range: ${printValue(key)}`);
      current = current[place] ?? null;
    } else throw new TemplateError(`can't index item of type ${typeof current}`);
  }
  return current;
}

function lengthOf(value: TemplateValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  const map = asMap(value);
  if (map) return Object.keys(map).length;
  throw new TemplateError('len of a value without length');
}

function sliceOf([value, from, to]: TemplateValue[]): TemplateValue {
  const start = from === undefined ? 0 : castCount(from);
  const end = to === undefined ? lengthOf(value ?? null) : castCount(to);
  if (start < 0 || end < start || end > lengthOf(value ?? null))
    throw new TemplateError('index out of range');
  if (Array.isArray(value)) return value.slice(start, end);
  return Buffer.from(text(value)).subarray(start, end).toString();
}

const HTML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&#34;',
  "'": '&#39;',
  '\0': '\ufffd',
};

/** Go puts a space between operands of print where neither is a string. */
const printAll = (values: readonly TemplateValue[]): string =>
  values.reduce<string>((printed, value, index) => {
    const bothPlain = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
    return `${printed}${bothPlain ? ' ' : ''}${printValue(value)}`;
  }, '');

/** The functions of Go's text/template. */
export const BUILTIN_FUNCTIONS: FunctionTable = {
  and: { arity: [1, 50], run: (values) => values.find((value) => !isTruthy(value)) ?? values.at(-1) ?? null },
  or: { arity: [1, 50], run: (values) => values.find(isTruthy) ?? values.at(-1) ?? null },
  not: { arity: [1, 1], run: ([value]) => !isTruthy(value ?? null) },
  eq: { arity: [2, 50], run: ([first, ...rest]) => rest.some((value) => isEqual(first ?? null, value)) },
  ne: { arity: [2, 2], run: ([left, right]) => !isEqual(left ?? null, right ?? null) },
  lt: { arity: [2, 2], run: compareWith((order) => order < 0) },
  le: { arity: [2, 2], run: compareWith((order) => order <= 0) },
  gt: { arity: [2, 2], run: compareWith((order) => order > 0) },
  ge: { arity: [2, 2], run: compareWith((order) => order >= 0) },
  len: { arity: [1, 1], run: ([value]) => BigInt(lengthOf(value ?? null)) },
  index: { arity: [1, 20], run: indexOf },
  slice: { arity: [1, 3], run: sliceOf },
  print: { arity: [0, 50], run: printAll },
  println: { arity: [0, 50], run: (values) => `${values.map(printValue).join(' ')}\n` },
  printf: { arity: [1, 50], run: ([format, ...values]) => formatPrintf(text(format), values) },
  html: {
    arity: [1, 50],
    run: (values) => printAll(values).replaceAll(/[<>&"'\0]/g, (found) => HTML[found] ?? found),
  },
  js: {
    arity: [1, 50],
    run: (values) => JSON.stringify(printAll(values)).slice(1, -1).replaceAll("'", "\\'"),
  },
  urlquery: { arity: [1, 50], run: (values) => encodeQuery(printAll(values)) },
};

export function encodeQuery(value: string): string {
  return encodeURIComponent(value)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}
