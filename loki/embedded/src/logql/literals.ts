import { badRequest } from '../errors.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '\\': 92,
  '"': 34,
  "'": 39,
};

/** The value of a quoted string: backticks are raw, double quotes know Go's escapes. */
export function unquote(text: string): string {
  const quote = text[0];
  if (quote === '`') return text.slice(1, -1).replaceAll('\r', '');
  const body = text.slice(1, -1);
  if (!body.includes('\\')) return body;
  const parts: Buffer[] = [];
  let plainFrom = 0;
  for (let at = body.indexOf('\\'); at >= 0; at = body.indexOf('\\', plainFrom)) {
    parts.push(Buffer.from(body.slice(plainFrom, at)));
    const escape = readEscape(body, at + 1);
    if (!escape) throw badRequest(`parse error : invalid escape in string ${text}`);
    parts.push(escape.bytes);
    plainFrom = at + 1 + escape.length;
  }
  parts.push(Buffer.from(body.slice(plainFrom)));
  return Buffer.concat(parts).toString('utf8');
}

function readEscape(body: string, at: number): { bytes: Buffer; length: number } | null {
  const letter = body[at] ?? '';
  const simple = SIMPLE_ESCAPES[letter];
  if (simple !== undefined) return { bytes: Buffer.from([simple]), length: 1 };
  if (letter === 'x') return numericEscape(/^[0-9a-fA-F]{2}/.exec(body.slice(at + 1, at + 3)), 16, 1, false);
  if (letter === 'u') return numericEscape(/^[0-9a-fA-F]{4}/.exec(body.slice(at + 1, at + 5)), 16, 1, true);
  if (letter === 'U') return numericEscape(/^[0-9a-fA-F]{8}/.exec(body.slice(at + 1, at + 9)), 16, 1, true);
  return numericEscape(/^[0-7]{3}/.exec(body.slice(at, at + 3)), 8, 0, false);
}

function numericEscape(
  digits: RegExpExecArray | null,
  base: number,
  prefix: number,
  isCodePoint: boolean,
): { bytes: Buffer; length: number } | null {
  if (!digits) return null;
  const value = Number.parseInt(digits[0], base);
  if (isCodePoint ? value > 0x10ffff || (value >= 0xd800 && value < 0xe000) : value > 255) return null;
  const bytes = isCodePoint ? Buffer.from(String.fromCodePoint(value)) : Buffer.from([value]);
  return { bytes, length: digits[0].length + prefix };
}

const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86400e9,
  w: 7 * 86400e9,
  y: 365 * 86400e9,
};

const DURATION_PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w|y)/gy;

/** Nanoseconds of a duration such as `1h30m`, or null when it is none. Go's own form has no d, w, y. */
export function parseDurationNs(text: string, goUnitsOnly = false): number | null {
  const negative = text.startsWith('-');
  const body = negative || text.startsWith('+') ? text.slice(1) : text;
  if (body === '0') return 0;
  let total = 0;
  let end = 0;
  DURATION_PART.lastIndex = 0;
  for (let part = DURATION_PART.exec(body); part; part = DURATION_PART.exec(body)) {
    const unit = part[2] ?? '';
    if (goUnitsOnly && /[dwy]/.test(unit)) return null;
    total += Number(part[1]) * (NANOSECONDS[unit] ?? 0);
    end = DURATION_PART.lastIndex;
  }
  if (end === 0 || end !== body.length) return null;
  return negative ? -total : total;
}

const BYTE_POWERS = 'bkmgtpe';

/** Bytes of a size such as `1.5KiB` or `10MB` (1000 for KB, 1024 for KiB), or null when it is none. */
export function parseBytes(text: string): number | null {
  const match = /^([\d.,]+)\s*([a-z]*)$/i.exec(text);
  if (!match) return null;
  const value = Number((match[1] ?? '').replaceAll(',', ''));
  const unit = (match[2] ?? '').toLowerCase();
  if (Number.isNaN(value) || match[1] === '') return null;
  if (unit === '' || unit === 'b') return Math.trunc(value);
  const power = BYTE_POWERS.indexOf(unit[0] ?? '');
  if (power < 1 || !/^.(i?b|i)?$/.test(unit)) return null;
  return Math.trunc(value * (unit[1] === 'i' ? 1024 : 1000) ** power);
}

const GO_FLOAT = /^[+-]?(\d+(_?\d)*\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)$/;
const GO_HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F_]+)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)$/;

/** A number as Go's strconv.ParseFloat reads it, or null. */
export function parseGoFloat(text: string): number | null {
  if (GO_FLOAT.test(text)) return Number(text.replaceAll('_', ''));
  const lower = text.toLowerCase();
  if (/^[+-]?(inf|infinity)$/.test(lower)) return lower.startsWith('-') ? -Infinity : Infinity;
  if (lower === 'nan') return NaN;
  const hexadecimal = GO_HEXADECIMAL.exec(text);
  if (!hexadecimal) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = hexadecimal;
  const digits = Number.parseInt(whole.replaceAll('_', '') + fraction, 16);
  return (sign === '-' ? -1 : 1) * digits * 2 ** (Number(exponent) - 4 * fraction.length);
}
