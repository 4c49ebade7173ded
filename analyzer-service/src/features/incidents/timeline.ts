import type { ReadIncident } from './read-incidents.ts';

export interface TimelineEntry {
  readonly timeMs: number;
  readonly kind: string;
  readonly text: string;
}

/** What happened when: what the findings say began, and what alerts, analysis and people did; oldest first. */
export function timelineOf({ events, brief }: ReadIncident): readonly TimelineEntry[] {
  const findings = (brief?.findings ?? []).flatMap(({ since, title }) =>
    since === null ? [] : [{ timeMs: Date.parse(since), kind: 'finding', text: title }],
  );
  const noted = events.map(({ time_ms, kind, text }) => ({ timeMs: time_ms, kind, text }));
  return [...findings, ...noted].sort((a, b) => a.timeMs - b.timeMs);
}
