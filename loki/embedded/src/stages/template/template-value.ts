/** What a template computes with. Durations and counts are numbers, instants are dates. */
export type TemplateValue =
  string | number | boolean | null | Date | TemplateValue[] | { readonly [name: string]: TemplateValue };

export function isTruthy(value: TemplateValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Date) return true;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** The text of a value as Go's fmt prints it. */
export function printValue(value: TemplateValue): string {
  if (value === null) return '<no value>';
  if (typeof value === 'number') return printNumber(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(printValue).join(' ')}]`;
  if (typeof value === 'object')
    return `map[${Object.keys(value)
      .sort()
      .map((name) => `${name}:${printValue(value[name] ?? null)}`)
      .join(' ')}]`;
  return String(value);
}

/** Go's shortest form: exponents from 1e21 on, with two digits at least. */
export function printNumber(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}
