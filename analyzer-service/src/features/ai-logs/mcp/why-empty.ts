import type { TimeRange } from '../../../engine/log-line.ts';
import { selector } from '../../../engine/logql/selector.ts';
import type { FilterQuery } from '../parameters/schema.ts';
import { isoTime } from '../iso-time.ts';
import { nameOf } from './log-text.ts';
import type { NextCall } from './reply.ts';
import type { ToolContext } from './tool.ts';

const SERVICES_SHOWN = 30;
const HOUR_MS = 3_600_000;

export interface WhyEmpty {
  /** Sentences that hold names found in logs. */
  readonly notes: readonly string[];
  readonly next: readonly NextCall[];
}

/**
 * Why a window shows nothing: nobody logs under that name, the filter lets nothing pass, or there are no lines at all
 * and the newest is older. Asks the store a few small questions more, each only when the one before found nothing.
 */
export async function whyEmpty(
  { aiLogs, signal }: ToolContext,
  tool: string,
  given: FilterQuery,
  window: TimeRange,
): Promise<WhyEmpty> {
  const { logs, labels } = aiLogs;
  const existing = await logs.services(window, signal);
  const missing = (given.services ?? []).filter((service) => !existing.includes(service));
  const names = existing.slice(0, SERVICES_SHOWN).map(nameOf).join(', ');
  if (existing.length > 0 && missing.length > 0 && missing.length === given.services?.length) {
    return {
      notes: [
        `why empty: no service ${missing.map(nameOf).join(', ')} wrote in this window. Services that did: ${names}.`,
      ],
      next: [],
    };
  }
  if (existing.length > 0) {
    const narrowed = [given.severity && 'severity', given.search && 'search'].filter(Boolean).join(' and ');
    return {
      notes: [
        narrowed
          ? `why empty: these services wrote lines in the window (${names}), and ${narrowed} let none of them pass. Ask without ${narrowed}.`
          : `why empty: nothing in this window differs or matches. Services that wrote: ${names}.`,
      ],
      next: [],
    };
  }
  const back = { startMs: window.endMs - aiLogs.windowHoursMax * HOUR_MS, endMs: aiLogs.clock() };
  const query = selector({ ids: {} }, labels);
  const [newest] = await logs.readLines({ query, range: back, limit: 1, signal });
  if (!newest)
    return {
      notes: [
        `why empty: no lines at all since ${isoTime(back.startMs)}. Check that logs are shipped to this Loki.`,
      ],
      next: [],
    };
  const end = isoTime(Math.ceil(newest.timeMs / 1_000) * 1_000);
  return {
    notes: [`why empty: no lines at all in this window. The newest line is of ${isoTime(newest.timeMs)}.`],
    next: [{ tool, arguments: { time_range: '30m', end }, shows: 'the half hour up to the newest line' }],
  };
}
