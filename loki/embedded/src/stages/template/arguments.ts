import { parseGoFloat } from '../../logql/literals.ts';
import { TemplateError } from './template-error.ts';
import { printValue, type TemplateValue } from './template-value.ts';

export const text = (value: TemplateValue | undefined): string => {
  if (typeof value === 'string') return value;
  throw new TemplateError(`wrong type for value; expected string; got ${printValue(value ?? null)}`);
};

/** A float the way sprig casts one: text is read, anything unreadable is 0. */
export function castFloat(value: TemplateValue | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? (parseGoFloat(value) ?? 0) : 0;
}

const INTEGER = /^([+-]?)(\d+)(?:\.0*)?$/;
const INTEGER_MAX = 2n ** 63n - 1n;

/** An integer the way sprig casts one: text with a fraction other than zeros is 0. */
export function castInteger(value: TemplateValue | undefined): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number')
    return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  const [, sign = '', digits = ''] = (typeof value === 'string' ? INTEGER.exec(value) : null) ?? [];
  if (digits === '' || digits.length > 19) return 0n;
  const size = BigInt(digits);
  return size > INTEGER_MAX ? 0n : sign === '-' ? -size : size;
}

/** An integer for counts and places, where larger numbers make no difference. */
export const castCount = (value: TemplateValue | undefined): number => {
  const integer = castInteger(value);
  return Number(
    integer > 1_000_000_000n ? 1_000_000_000n : integer < -1_000_000_000n ? -1_000_000_000n : integer,
  );
};
