import { printNumber, printValue, type TemplateValue } from './template-value.ts';

const VERB = /%([-+# 0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;
const WIDTH_MAX = 1000;

/** Go's fmt.Sprintf for the values that a template has. */
export function formatPrintf(format: string, values: readonly TemplateValue[]): string {
  let next = 0;
  const written = format.replaceAll(
    VERB,
    (_, flags: string, width?: string, precision?: string, verb = '') => {
      if (verb === '%') return '%';
      if (next >= values.length) return `%!${verb}(MISSING)`;
      const value = values[next] ?? null;
      next += 1;
      const body = formatVerb(verb, value, flags, precision === undefined ? null : Number(precision));
      return pad(body, flags, Math.min(WIDTH_MAX, Number(width ?? 0)));
    },
  );
  if (next >= values.length) return written;
  const extra = values.slice(next).map((value) => `${typeOf(value)}=${printValue(value)}`);
  return `${written}%!(EXTRA ${extra.join(', ')})`;
}

function pad(body: string, flags: string, width: number): string {
  const length = Array.from(body).length;
  if (length >= width) return body;
  const missing = width - length;
  if (flags.includes('-')) return body + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + body;
  const sign = /^[+-]/.exec(body)?.[0] ?? '';
  return sign + '0'.repeat(missing) + body.slice(sign.length);
}

function formatVerb(verb: string, value: TemplateValue, flags: string, precision: number | null): string {
  switch (verb) {
    case 'v':
      return value === null ? '<nil>' : printValue(value);
    case 's':
      if (typeof value === 'number') return `%!s(${typeOf(value)}=${printNumber(value)})`;
      return precision === null
        ? printValue(value)
        : Array.from(printValue(value)).slice(0, precision).join('');
    case 'q':
      return typeof value === 'string' ? JSON.stringify(value) : printValue(value);
    case 't':
      return typeof value === 'boolean' ? String(value) : `%!t(${typeOf(value)}=${printValue(value)})`;
    case 'T':
      return typeOf(value);
    default:
      return typeof value === 'number'
        ? formatNumber(verb, value, flags, precision)
        : formatText(verb, value);
  }
}

function formatText(verb: string, value: TemplateValue): string {
  if (typeof value === 'string' && (verb === 'x' || verb === 'X')) {
    const hex = Buffer.from(value).toString('hex');
    return verb === 'x' ? hex : hex.toUpperCase();
  }
  return `%!${verb}(${typeOf(value)}=${printValue(value)})`;
}

function formatNumber(verb: string, value: number, flags: string, precision: number | null): string {
  const sign = flags.includes('+') && value >= 0 ? '+' : '';
  const isInteger = Number.isInteger(value);
  switch (verb) {
    case 'd':
      return isInteger ? sign + value.toFixed(0) : `%!d(float64=${printNumber(value)})`;
    case 'f':
    case 'F':
      return sign + value.toFixed(precision ?? 6);
    case 'e':
      return sign + value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2');
    case 'g':
      return (
        sign + (precision === null ? printNumber(value) : String(Number(value.toPrecision(precision || 1))))
      );
    case 'x':
      return value.toString(16);
    case 'X':
      return value.toString(16).toUpperCase();
    case 'o':
      return value.toString(8);
    case 'b':
      return value.toString(2);
    case 'c':
      return String.fromCodePoint(value);
    default:
      return `%!${verb}(${typeOf(value)}=${printNumber(value)})`;
  }
}

function typeOf(value: TemplateValue): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}
