/** What a value is, as far as its spelling tells. */
export const PARAMETER_TYPES = [
  'number',
  'duration',
  'size',
  'time',
  'ip',
  'host',
  'uuid',
  'hex',
  'path',
  'url',
  'boolean',
  'quoted',
  'id',
  'text',
] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

export interface TypedValue {
  readonly type: ParameterType;
  /** The plain number, milliseconds for a duration, bytes for a size; null for all other types. */
  readonly number: number | null;
}

const QUANTITY = /^[<>~]?([-+]?\d[\d_]*(?:[.,]\d+)?(?:[eE][-+]?\d+)?)(?:\s*([A-Za-zµ%]+))?(?:\s\(.*\))?$/;

const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  nanoseconds: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  microsecond: 1e-3,
  microseconds: 1e-3,
  ms: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1e3,
  sec: 1e3,
  secs: 1e3,
  second: 1e3,
  seconds: 1e3,
  m: 6e4,
  min: 6e4,
  mins: 6e4,
  minute: 6e4,
  minutes: 6e4,
  h: 3.6e6,
  hour: 3.6e6,
  hours: 3.6e6,
  day: 8.64e7,
  days: 8.64e7,
};

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  byte: 1,
  bytes: 1,
  k: 1024,
  kb: 1024,
  kib: 1024,
  mb: 2 ** 20,
  mib: 2 ** 20,
  gb: 2 ** 30,
  gib: 2 ** 30,
  tb: 2 ** 40,
  tib: 2 ** 40,
};

/** Spellings that are told by a pattern, most telling first. */
const PATTERNS: readonly (readonly [ParameterType, RegExp])[] = [
  ['uuid', /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i],
  ['ip', /^\/?\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?$/],
  ['ip', /^(?=.*:.*:)(?=.*\d)[0-9a-f:]{6,39}$/i],
  ['time', /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|[A-Z][a-z]{2}[, ]|\d{1,2}[:/]\d{2}[:/]\d{2}).*$/],
  ['url', /^[A-Za-z][A-Za-z0-9+.-]*:\/\//],
  ['path', /^(?:[A-Za-z]:)?[.~]{0,2}[\\/]/],
  ['hex', /^(?:0[xX][0-9a-fA-F]+|(?=[a-fA-F]*\d)[0-9a-fA-F]{8,})$/],
  ['host', /^[A-Za-z][\w-]*(?:\.[\w-]+)+(?::\d{1,5})?$/],
  ['boolean', /^(?:true|false)$/i],
  ['quoted', /^(["']).*\1$/],
];

/** Tells a value's type by its spelling. `text` should be short: at most a few hundred characters. */
export function typeValue(text: string): TypedValue {
  const quantity = QUANTITY.exec(text);
  if (quantity) {
    const number = Number(quantity[1]!.replace(/_/g, '').replace(',', '.')) + 0; // no negative zero: JSON has none
    const typed = typeQuantity(number, quantity[2]);
    if (typed) return typed;
  }
  for (const [type, pattern] of PATTERNS) if (pattern.test(text)) return { type, number: null };
  return { type: /^\S*\d\S*$/.test(text) ? 'id' : 'text', number: null };
}

function typeQuantity(number: number, unit: string | undefined): TypedValue | null {
  if (!Number.isFinite(number)) return null;
  if (unit === undefined || unit === '%') return { type: 'number', number };
  const lower = unit.toLowerCase();
  const milliseconds = MILLISECONDS[lower];
  if (milliseconds !== undefined) return { type: 'duration', number: number * milliseconds };
  const bytes = BYTES[lower];
  return bytes === undefined ? null : { type: 'size', number: number * bytes };
}
