/** Times as the shop's programs write them, all UTC. Each is built from the text of its second, kept from the last call. */

/** 2026-11-21T02:30:00.123Z */
export function isoTime(timeMs: number): string {
  return `${second(timeMs).iso}.${milliseconds(timeMs)}Z`;
}

/** 2026-11-21 02:30:00.123 as PostgreSQL and Logback write it. */
export function plainTime(timeMs: number): string {
  return `${second(timeMs).plain}.${milliseconds(timeMs)}`;
}

/** 21/Nov/2026:02:30:00 +0000 of access logs. */
export function accessTime(timeMs: number): string {
  return second(timeMs).access;
}

/** 2026/11/21 02:30:00 of nginx' error log. */
export function nginxTime(timeMs: number): string {
  return second(timeMs).nginx;
}

/** 1121 02:30:00.123456 of klog, after the letter of the level. */
export function klogTime(timeMs: number): string {
  const micros = Math.floor((timeMs - Math.floor(timeMs / 1000) * 1000) * 1000);
  return `${second(timeMs).klog}.${String(micros).padStart(6, '0')}`;
}

interface SecondText {
  readonly iso: string;
  readonly plain: string;
  readonly access: string;
  readonly nginx: string;
  readonly klog: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Lines of one request spread over a few seconds and are written in no order: enough to keep the last ones. */
const KEPT_SECONDS = 64;
const kept = new Map<number, SecondText>();

function second(timeMs: number): SecondText {
  const epochSecond = Math.floor(timeMs / 1000);
  const found = kept.get(epochSecond);
  if (found !== undefined) return found;
  if (kept.size >= KEPT_SECONDS) kept.clear();
  const iso = new Date(epochSecond * 1000).toISOString().slice(0, 19);
  const [year = '', month = '', day = ''] = iso.slice(0, 10).split('-');
  const clock = iso.slice(11);
  const text = {
    iso,
    plain: `${iso.slice(0, 10)} ${clock}`,
    access: `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`,
    nginx: `${year}/${month}/${day} ${clock}`,
    klog: `${month}${day} ${clock}`,
  };
  kept.set(epochSecond, text);
  return text;
}

function milliseconds(timeMs: number): string {
  const value = Math.floor(timeMs) % 1000;
  return value < 10 ? `00${value}` : value < 100 ? `0${value}` : String(value);
}
