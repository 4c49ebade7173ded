import { monthNumber } from './calendar.ts';

/** A calendar date and time as written; `year` is null when the log leaves it out, `day` is 0 when it gives a time only. */
export interface DateParts {
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: number;
  readonly offsetMinutes: number;
}

export interface DateShape {
  /** Sticky and of fixed structure: it never backtracks over more than one timestamp. */
  readonly pattern: RegExp;
  readonly startsWithDigit: boolean;
  readonly lineStartOnly?: boolean;
  /** The group of the hour; minute, second and fraction follow it. Null when the time is no clock's. */
  readonly clockGroup: number | null;
  readonly read: (
    groups: RegExpExecArray,
    dayFirst: boolean,
  ) => DateParts | { readonly seconds: number; readonly nanos: number } | null;
}

const CLOCK = String.raw`(\d\d?)[:.](\d\d)[:.](\d\d)(?:[.,:](\d{1,9}))?(?: ?([AaPp])[Mm](?!\w))?`;
const ZONE = String.raw`(?: ?(Z|UTC|GMT|[+-]\d\d:?\d\d)(?![\w])|([+-]\d\d)(?!\w))?`;
const COMPACT_CLOCK = String.raw`(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9}))?()`;
const MONTH = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}';

/** Every date that the parser knows, the unambiguous ones first. */
export const DATE_SHAPES: readonly DateShape[] = [
  // 2015-10-18 18:01:47,978   2005-06-03-15.42.50.675872   2024/05/01 10:00:00   2024-05-01T10:00:00.1+02:00
  dated(String.raw`(\d{4})[-/.](\d\d?)[-/.](\d\d?)[T _:,-]{1,2}`, CLOCK, (g) => ymd(g, 1, 2, 3)),
  // 20240501T101500   20171223-22:15:29:606
  dated(String.raw`(\d{4})(\d\d)(\d\d)[T _-]`, COMPACT_CLOCK, (g) => ymd(g, 1, 2, 3)),
  dated(String.raw`(\d{4})(\d\d)(\d\d)[T _-]`, CLOCK, (g) => ymd(g, 1, 2, 3)),
  epoch(),
  // 081109 203615
  dated(String.raw`(\d\d)(\d\d)(\d\d) `, COMPACT_CLOCK + String.raw`(?!\w)`, shortYear),
  // 17/06/09 20:10:40
  dated(String.raw`(\d\d)[/-](\d\d)[/-](\d\d) `, CLOCK, shortYear),
  // 03/Jun/2005:10:00:00 +0000   12 Nov 2024 10:00:00.123
  dated(String.raw`(\d\d?)[ /-]${MONTH}[ /-](\d{4})[ :]{1,2}`, CLOCK, (g) => ({
    year: Number(g[3]),
    month: monthNumber(g[2] ?? ''),
    day: Number(g[1]),
  })),
  // 03/Jun/2005
  {
    pattern: new RegExp(String.raw`(\d\d?)[/-]${MONTH}[/-](\d{4})(?!\w)`, 'y'),
    startsWithDigit: true,
    clockGroup: null,
    read: (g) => ({ ...MIDNIGHT, year: Number(g[3]), month: monthNumber(g[2] ?? ''), day: Number(g[1]) }),
  },
  // 10/30/2024 04:49:06 PM   30.10.2024 16:49:06
  dated(String.raw`(\d\d?)([/.-])(\d\d?)[/.-](\d{4}),? `, CLOCK, (g, dayFirst) => ({
    year: Number(g[4]),
    ...monthAndDay(Number(g[1]), Number(g[3]), dayFirst || g[2] === '.'),
  })),
  // 10.30 16:49:06   03-17 16:13:38.811
  dated(String.raw`(\d\d)[-./](\d\d) `, CLOCK, (g, dayFirst) => ({
    year: null,
    ...monthAndDay(Number(g[1]), Number(g[2]), dayFirst),
  })),
  // 16:49:06.123, at the start of a line only
  {
    pattern: new RegExp(String.raw`${CLOCK}(?![\w:])`, 'y'),
    startsWithDigit: true,
    lineStartOnly: true,
    clockGroup: null,
    read: (g) => ({ year: null, month: 0, day: 0, ...readClock(g, 1) }),
  },
  // Jun 14 15:16:01   Sun Dec 04 04:47:44.123 2005   Dec 4, 2005 4:47:44 PM
  namedMonth(),
];

const MIDNIGHT = { hour: 0, minute: 0, second: 0, nanos: 0, offsetMinutes: 0 };

type YearMonthDay = Pick<DateParts, 'year' | 'month' | 'day'>;

function dated(
  date: string,
  clock: string,
  readDate: (groups: RegExpExecArray, dayFirst: boolean) => YearMonthDay,
): DateShape {
  const clockAt = date.split(/\((?!\?)/).length;
  return {
    pattern: new RegExp(date + clock + ZONE, 'y'),
    startsWithDigit: true,
    clockGroup: clockAt,
    read: (groups, dayFirst) => ({ ...readDate(groups, dayFirst), ...readClock(groups, clockAt) }),
  };
}

function namedMonth(): DateShape {
  return {
    pattern: new RegExp(
      String.raw`(?:[A-Z][a-z]{2,8},? )?${MONTH} {1,2}(\d\d?),? (?:(\d{4}),? )?${CLOCK}(?: (\d{4})(?!\w))?${ZONE}`,
      'y',
    ),
    startsWithDigit: false,
    clockGroup: 4,
    read: (g) => {
      const year = g[3] ?? g[9];
      const clock = readClock(g, 4);
      return {
        ...clock,
        offsetMinutes: readZone(g[10] ?? g[11]),
        year: year === undefined ? null : Number(year),
        month: monthNumber(g[1] ?? ''),
        day: Number(g[2]),
      };
    },
  };
}

/** 1117838570   1117838570.123   and the same in ms, us and ns. */
function epoch(): DateShape {
  return {
    pattern: /(\d{10})(?:\.(\d{1,9})|(\d{3}|\d{6}|\d{9}))?(?![\w.:-])/y,
    startsWithDigit: true,
    clockGroup: null,
    read: (g) => ({ seconds: Number(g[1]), nanos: readFraction(g[2] ?? g[3]) }),
  };
}

function readClock(groups: RegExpExecArray, at: number): Omit<DateParts, 'year' | 'month' | 'day'> {
  const written = Number(groups[at]);
  const half = groups[at + 4];
  const hour = half ? (written % 12) + (half === 'P' || half === 'p' ? 12 : 0) : written;
  return {
    hour,
    minute: Number(groups[at + 1]),
    second: Number(groups[at + 2]),
    nanos: readFraction(groups[at + 3]),
    offsetMinutes: readZone(groups[at + 5] ?? groups[at + 6]),
  };
}

function readFraction(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits) * (POWERS_OF_TEN[9 - digits.length] ?? 1);
}

function readZone(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'UTC' || zone === 'GMT') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.length > 3 ? zone.slice(-2) : 0);
  return zone.startsWith('-') ? -minutes : minutes;
}

function ymd(g: RegExpExecArray, year: number, month: number, day: number): YearMonthDay {
  return { year: Number(g[year]), month: Number(g[month]), day: Number(g[day]) };
}

function shortYear(g: RegExpExecArray): YearMonthDay {
  return { year: 2000 + Number(g[1]), month: Number(g[2]), day: Number(g[3]) };
}

function monthAndDay(first: number, second: number, dayFirst: boolean): { month: number; day: number } {
  const isDayFirst = first > 12 || (dayFirst && second <= 12);
  return isDayFirst ? { month: second, day: first } : { month: first, day: second };
}

const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
