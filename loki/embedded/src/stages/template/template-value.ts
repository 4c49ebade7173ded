import type { Instant } from './instant.ts';
import { printInstant } from './instant.ts';

/** What a template computes with: Go's integers are bigints, its floats are numbers. */
export type TemplateValue =
  string | bigint | number | boolean | null | Instant | TemplateValue[] | TemplateMap;

export type TemplateMap = { readonly [name: string]: TemplateValue };

export const isInstant = (value: TemplateValue): value is Instant =>
  typeof value === 'object' && value !== null && 'unixNs' in value && typeof value.unixNs === 'bigint';

/** The value when it is a map, else null. */
export function asMap(value: TemplateValue | undefined): TemplateMap | null {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && !isInstant(value);
  return isMap ? value : null;
}

export function isTruthy(value: TemplateValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  const map = asMap(value);
  return map ? Object.keys(map).length > 0 : Boolean(value);
}

/** The text of a value as Go's fmt prints it. */
export function printValue(value: TemplateValue): string {
  if (value === null) return '<no value>';
  if (typeof value === 'number') return printFloat(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(' ')}]`;
  if (isInstant(value)) return printInstant(value);
  if (typeof value !== 'object') return String(value);
  const map = asMap(value) ?? {};
  const pairs = Object.keys(map)
    .sort()
    .map((name) => `${name}:${printValue(map[name] ?? null)}`);
  return `map[${pairs.join(' ')}]`;
}

/** Go's %v of a float: shortest digits, with an exponent below 1e-4 and from 1e+06 on. */
export function printFloat(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  const size = Math.abs(value);
  const usesExponent = size !== 0 && (size < 1e-4 || size >= 1e6);
  return (usesExponent ? value.toExponential() : String(value)).replace(/e([+-])(\d)$/, 'e$10$2');
}

export function typeOf(value: TemplateValue): string {
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (isInstant(value)) return 'time.Time';
  return typeof value;
}
