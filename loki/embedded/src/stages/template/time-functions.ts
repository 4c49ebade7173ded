import { text } from './arguments.ts';
import type { FunctionTable } from './functions.ts';
import { formatGoTime, parseGoTime } from './go-time.ts';
import { floorDivide, type Instant } from './instant.ts';
import { TemplateError } from './template-error.ts';
import { isInstant, type TemplateValue } from './template-value.ts';

/** An instant, or a number of seconds. */
function instant(value: TemplateValue | undefined): Instant {
  if (typeof value === 'bigint') return { unixNs: value * 1_000_000_000n, zone: 'UTC' };
  if (value !== undefined && isInstant(value)) return value;
  throw new TemplateError('wrong type for value; expected time.Time');
}

const unix =
  (unitNs: bigint) =>
  ([value]: TemplateValue[]): string =>
    String(floorDivide(instant(value).unixNs, unitNs));

export const TIME_FUNCTIONS: FunctionTable = {
  __timestamp__: { arity: [0, 0], run: (_, { timestamp }) => ({ unixNs: BigInt(timestamp), zone: 'UTC' }) },
  now: { arity: [0, 0], run: () => ({ unixNs: BigInt(Date.now()) * 1_000_000n, zone: 'UTC' }) },
  date: { arity: [2, 2], run: ([layout, value]) => formatGoTime(text(layout), instant(value)) },
  toDate: { arity: [2, 2], run: ([layout, value]) => parseGoTime(text(layout), text(value), 'UTC') },
  toDateInZone: {
    arity: [3, 3],
    run: ([layout, zone, value]) => parseGoTime(text(layout), text(value), text(zone)),
  },
  unixEpoch: { arity: [1, 1], run: unix(1_000_000_000n) },
  unixEpochMillis: { arity: [1, 1], run: unix(1_000_000n) },
  unixEpochNanos: { arity: [1, 1], run: unix(1n) },
  unixToTime: { arity: [1, 1], run: ([value]) => unixToTime(text(value)) },
};

/** Days, seconds, milliseconds, microseconds or nanoseconds, told apart by the number of digits. */
const UNITS_NS: Readonly<Record<number, bigint>> = {
  5: 86_400_000_000_000n,
  10: 1_000_000_000n,
  13: 1_000_000n,
  16: 1000n,
  19: 1n,
};

function unixToTime(digits: string): Instant {
  const unitNs = UNITS_NS[digits.length];
  if (unitNs === undefined || !/^\d+$/.test(digits))
    throw new TemplateError(`unable to parse time '${digits}'`);
  return { unixNs: BigInt(digits) * unitNs, zone: 'UTC' };
}
