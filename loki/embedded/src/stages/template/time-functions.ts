import { castInteger, text } from './arguments.ts';
import type { FunctionTable } from './functions.ts';
import { formatGoTime, parseGoTime } from './go-time.ts';
import { TemplateError } from './template-error.ts';
import type { TemplateValue } from './template-value.ts';

/** An instant: a date, or a number of seconds. */
function instant(value: TemplateValue | undefined): Date {
  if (value instanceof Date) return value;
  if (typeof value === 'number') return new Date(value * 1000);
  throw new TemplateError('wrong type for value; expected time');
}

const wholeSeconds = (value: TemplateValue | undefined): string =>
  String(Math.floor(instant(value).getTime() / 1000));

export const TIME_FUNCTIONS: FunctionTable = {
  __timestamp__: {
    arity: [0, 0],
    run: (_, { timestamp }) => new Date(Number(BigInt(timestamp) / 1_000_000n)),
  },
  now: { arity: [0, 0], run: () => new Date() },
  date: { arity: [2, 2], run: ([layout, value]) => formatGoTime(text(layout), instant(value), 'UTC') },
  toDate: { arity: [2, 2], run: ([layout, value]) => parseGoTime(text(layout), text(value), 'UTC') },
  toDateInZone: {
    arity: [3, 3],
    run: ([layout, zone, value]) => parseGoTime(text(layout), text(value), text(zone)),
  },
  unixEpoch: { arity: [1, 1], run: ([value]) => wholeSeconds(value) },
  unixEpochMillis: { arity: [1, 1], run: ([value]) => String(instant(value).getTime()) },
  unixEpochNanos: { arity: [1, 1], run: ([value]) => `${instant(value).getTime()}000000` },
  unixToTime: { arity: [1, 1], run: ([value]) => unixToTime(text(value)) },
};

/** Seconds, milliseconds, microseconds or nanoseconds, told apart by the number of digits. */
function unixToTime(digits: string): Date {
  const unitByLength: Readonly<Record<number, number>> = {
    5: 86_400_000,
    10: 1000,
    13: 1,
    16: 1e-3,
    19: 1e-6,
  };
  const unitMs = unitByLength[digits.length];
  if (unitMs === undefined || !/^\d+$/.test(digits))
    throw new TemplateError(`unable to parse time '${digits}'`);
  return new Date(digits.length === 5 ? castInteger(digits) * unitMs : Math.trunc(Number(digits) * unitMs));
}
