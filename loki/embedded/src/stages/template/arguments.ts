import { parseGoFloat } from '../../logql/literals.ts';
import { TemplateError } from './template-error.ts';
import { printValue, type TemplateValue } from './template-value.ts';

export const text = (value: TemplateValue | undefined): string => {
  if (typeof value === 'string') return value;
  throw new TemplateError(`wrong type for value; expected string; got ${printValue(value ?? null)}`);
};

/** A number the way sprig casts one: text is read, anything unreadable is 0. */
export function castFloat(value: TemplateValue | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return parseGoFloat(value.trim()) ?? 0;
  return 0;
}

export function castInteger(value: TemplateValue | undefined): number {
  if (typeof value === 'string' && !/^[+-]?\d+$/.test(value.trim())) {
    const decimal = /^[+-]?\d+\.0*$/.test(value.trim());
    return decimal ? Math.trunc(castFloat(value)) : 0;
  }
  return Math.trunc(castFloat(value));
}
