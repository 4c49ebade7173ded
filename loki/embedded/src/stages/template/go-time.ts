import { floorDivide, zoneOffsetMinutes, type Instant } from './instant.ts';

const GO_ZERO_TIME: Instant = { unixNs: -62_135_596_800_000_000_000n, zone: 'UTC' };

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

const LAYOUT_PART =
  /January|Jan|Monday|Mon|MST|2006|-07:00|-0700|Z07:00|Z0700|-07|01|02|_2|03|04|05|06|15|PM|pm|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5/g;

type Fields = Readonly<
  Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'weekday' | 'ns' | 'offset', number>
>;

/** Writes an instant after Go's layout of the reference time Mon Jan 2 15:04:05 MST 2006. */
export function formatGoTime(layout: string, instant: Instant): string {
  const fields = fieldsOf(instant);
  return layout.replaceAll(LAYOUT_PART, (part) => formatPart(part, fields));
}

const two = (value: number): string => String(value).padStart(2, '0');

function formatPart(part: string, fields: Fields): string {
  const { year, month, day, hour, minute, second, weekday, ns, offset } = fields;
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const simple: Readonly<Record<string, string>> = {
    '2006': String(year).padStart(4, '0'),
    '06': two(year % 100),
    '01': two(month),
    '1': String(month),
    January: MONTHS[month - 1] ?? '',
    Jan: (MONTHS[month - 1] ?? '').slice(0, 3),
    '02': two(day),
    _2: String(day).padStart(2, ' '),
    '2': String(day),
    Monday: DAYS[weekday] ?? '',
    Mon: (DAYS[weekday] ?? '').slice(0, 3),
    '15': two(hour),
    '03': two(hour12),
    '3': String(hour12),
    '04': two(minute),
    '4': String(minute),
    '05': two(second),
    '5': String(second),
    PM: hour < 12 ? 'AM' : 'PM',
    pm: hour < 12 ? 'am' : 'pm',
    MST: offset === 0 ? 'UTC' : offsetText(offset, ''),
    '-0700': offsetText(offset, ''),
    '-07:00': offsetText(offset, ':'),
    '-07': offsetText(offset, '').slice(0, 3),
    Z0700: offset === 0 ? 'Z' : offsetText(offset, ''),
    'Z07:00': offset === 0 ? 'Z' : offsetText(offset, ':'),
  };
  const known = simple[part];
  if (known !== undefined) return known;
  const digits = String(ns)
    .padStart(9, '0')
    .slice(0, part.length - 1);
  if (part[1] === '0') return `${part[0]}${digits}`;
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? '' : `${part[0]}${trimmed}`;
}

function offsetText(offsetMinutes: number, separator: string): string {
  const size = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${separator}${two(size % 60)}`;
}

function fieldsOf({ unixNs, zone }: Instant): Fields {
  const date = new Date(Number(floorDivide(unixNs, 1_000_000n)));
  const offset = zoneOffsetMinutes(date, zone);
  const local = new Date(date.getTime() + offset * 60_000);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    weekday: local.getUTCDay(),
    ns: Number(unixNs - floorDivide(unixNs, 1_000_000_000n) * 1_000_000_000n),
    offset,
  };
}

const PATTERNS: Readonly<Record<string, string>> = {
  '2006': '(?<year>\\d{4})',
  '06': '(?<shortYear>\\d{2})',
  '01': '(?<month>\\d{2})',
  '1': '(?<month>\\d{1,2})',
  January: `(?<monthName>${MONTHS.join('|')})`,
  Jan: `(?<monthName>${MONTHS.map((name) => name.slice(0, 3)).join('|')})`,
  '02': '(?<day>\\d{2})',
  _2: '\\s?(?<day>\\d{1,2})',
  '2': '(?<day>\\d{1,2})',
  Monday: `(?:${DAYS.join('|')})`,
  Mon: `(?:${DAYS.map((name) => name.slice(0, 3)).join('|')})`,
  '15': '(?<hour>\\d{2})',
  '03': '(?<hour>\\d{2})',
  '3': '(?<hour>\\d{1,2})',
  '04': '(?<minute>\\d{2})',
  '4': '(?<minute>\\d{1,2})',
  '05': '(?<second>\\d{2})(?<fraction>[.,]\\d+)?',
  '5': '(?<second>\\d{1,2})(?<fraction>[.,]\\d+)?',
  PM: '(?<half>AM|PM)',
  pm: '(?<half>am|pm)',
  MST: '[A-Z]{3,4}',
};
const OFFSET_PATTERN = '(?<zone>Z|[+-]\\d{2}:?(?:\\d{2})?)';

/** Reads an instant after Go's layout; text that does not fit gives Go's zero time. */
export function parseGoTime(layout: string, value: string, zone: string): Instant {
  let pattern = '';
  let from = 0;
  for (const part of layout.matchAll(LAYOUT_PART)) {
    pattern += escapeRegex(layout.slice(from, part.index));
    pattern += /^[.,]/.test(part[0]) ? '' : (PATTERNS[part[0]] ?? OFFSET_PATTERN);
    from = part.index + part[0].length;
  }
  const groups = safeMatch(`^${pattern}${escapeRegex(layout.slice(from))}$`, value);
  return groups ? instantOf(groups, zone) : GO_ZERO_TIME;
}

const escapeRegex = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function safeMatch(pattern: string, value: string): Readonly<Record<string, string>> | null {
  try {
    return new RegExp(pattern).exec(value)?.groups ?? null;
  } catch {
    return null;
  }
}

function instantOf(groups: Readonly<Record<string, string | undefined>>, zone: string): Instant {
  const month = groups.monthName
    ? MONTHS.findIndex((name) => name.startsWith(groups.monthName?.slice(0, 3) ?? '')) + 1
    : Number(groups.month ?? 1);
  const short = Number(groups.shortYear ?? 0);
  const year = groups.year ? Number(groups.year) : groups.shortYear ? short + (short < 69 ? 2000 : 1900) : 0;
  let hour = Number(groups.hour ?? 0);
  if (groups.half) hour = (hour % 12) + (groups.half.toLowerCase() === 'pm' ? 12 : 0);
  const fractionNs = BigInt((groups.fraction ?? '').slice(1, 10).padEnd(9, '0'));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, Number(groups.day ?? 1));
  date.setUTCHours(hour, Number(groups.minute ?? 0), Number(groups.second ?? 0));
  const given = /^([+-])(\d{2}):?(\d{2})?$/.exec(groups.zone ?? '');
  const offset = given
    ? (given[1] === '-' ? -1 : 1) * (Number(given[2]) * 60 + Number(given[3] ?? 0))
    : groups.zone === 'Z'
      ? 0
      : zoneOffsetMinutes(date, zone);
  return { unixNs: BigInt(date.getTime() - offset * 60_000) * 1_000_000n + fractionNs, zone };
}
