import { printFloat, printValue, typeOf, type TemplateValue } from './template-value.ts';

const VERB = /%([-+# 0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;
const WIDTH_MAX = 1000;
const PRECISION_MAX = 100;

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
      const digits = precision === undefined ? null : Math.min(PRECISION_MAX, Number(precision));
      const body = formatVerb(verb, value, flags, digits);
      return pad(body, flags, Math.min(WIDTH_MAX, Number(width ?? 0)));
    },
  );
  if (next >= values.length) return written;
  const extra = values.slice(next).map((value) => `${typeOf(value)}=${printValue(value)}`);
  return `${written}%!(EXTRA ${extra.join(', ')})`;
}

function pad(body: string, flags: string, width: number): string {
  const missing = width - Array.from(body).length;
  if (missing <= 0) return body;
  if (flags.includes('-')) return body + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + body;
  const sign = /^[+-]/.exec(body)?.[0] ?? '';
  return sign + '0'.repeat(missing) + body.slice(sign.length);
}

const wrongVerb = (verb: string, value: TemplateValue): string =>
  `%!${verb}(${typeOf(value)}=${printValue(value)})`;

function formatVerb(verb: string, value: TemplateValue, flags: string, precision: number | null): string {
  if (verb === 'v') return value === null ? '<nil>' : printValue(value);
  if (verb === 'T') return typeOf(value);
  if (typeof value === 'number') return formatFloat(verb, value, flags, precision);
  if (typeof value === 'bigint') return formatInteger(verb, value, flags);
  if (typeof value === 'boolean') return verb === 't' ? String(value) : wrongVerb(verb, value);
  return formatText(verb, value, precision);
}

function formatText(verb: string, value: TemplateValue, precision: number | null): string {
  const text = printValue(value);
  const bytes = Buffer.from(text).toString('hex');
  if (verb === 's') return precision === null ? text : Array.from(text).slice(0, precision).join('');
  if (verb === 'q') return JSON.stringify(text);
  if (verb === 'x') return bytes;
  return verb === 'X' ? bytes.toUpperCase() : wrongVerb(verb, value);
}

function formatInteger(verb: string, value: bigint, flags: string): string {
  const sign = flags.includes('+') && value >= 0n ? '+' : '';
  if (verb === 'd') return sign + String(value);
  if (verb === 'x') return sign + value.toString(16);
  if (verb === 'X') return sign + value.toString(16).toUpperCase();
  if (verb === 'o') return sign + value.toString(8);
  if (verb === 'b') return sign + value.toString(2);
  return wrongVerb(verb, value);
}

function formatFloat(verb: string, value: number, flags: string, precision: number | null): string {
  if (!Number.isFinite(value))
    return 'feg'.includes(verb.toLowerCase()) ? printFloat(value) : wrongVerb(verb, value);
  const sign = flags.includes('+') && value >= 0 ? '+' : '';
  if (verb === 'f' || verb === 'F') return sign + value.toFixed(precision ?? 6);
  if (verb === 'e') return sign + twoDigitExponent(value.toExponential(precision ?? 6));
  if (verb !== 'g') return wrongVerb(verb, value);
  return (
    sign +
    (precision === null
      ? printFloat(value)
      : twoDigitExponent(String(Number(value.toPrecision(precision || 1)))))
  );
}

const twoDigitExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');
