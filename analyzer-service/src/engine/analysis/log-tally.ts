import type { FileEvent } from '../formats/event-reader.ts';
import type { InvestigationState } from '../investigation/investigation.ts';
import { Investigation } from '../investigation/investigation.ts';
import type { TimeRange } from '../log-line.ts';
import type { TimelineState } from './timeline.ts';
import { Timeline } from './timeline.ts';

/** The time that events are looked at in, and what it is compared with. */
export interface TallyScope {
  readonly window: TimeRange;
  readonly baseline: TimeRange | null;
}

/** What a tally holds, as data that a thread can send. */
export interface TallyState {
  readonly investigation: InvestigationState;
  readonly timeline: TimelineState;
  readonly components: ReadonlySet<string>;
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** Everything that is kept of the events of logs while they are read. */
export class LogTally {
  readonly investigation: Investigation;
  readonly timeline: Timeline;
  /** Services that are parts of a program. */
  readonly components = new Set<string>();
  /** Infinity and -Infinity before the first event. */
  earliestMs = Infinity;
  latestMs = -Infinity;

  constructor({ window, baseline }: TallyScope) {
    this.investigation = new Investigation({
      window,
      baseline: baseline ? [baseline] : [],
      limits: { requestLinesMax: 100_000 },
    });
    this.timeline = new Timeline(window);
  }

  add(event: FileEvent): void {
    if (event.isComponent) this.components.add(event.service);
    if (event.timeMs < this.earliestMs) this.earliestMs = event.timeMs;
    if (event.timeMs > this.latestMs) this.latestMs = event.timeMs;
    this.timeline.add(event.timeMs, event.level);
    this.investigation.add(event);
  }

  state(): TallyState {
    const { components, earliestMs, latestMs } = this;
    return {
      investigation: this.investigation.state(),
      timeline: this.timeline.state(),
      components,
      earliestMs,
      latestMs,
    };
  }

  /** Adds the events of a later part of the logs. */
  merge(state: TallyState): void {
    this.investigation.merge(state.investigation);
    this.timeline.merge(state.timeline);
    for (const component of state.components) this.components.add(component);
    this.earliestMs = Math.min(this.earliestMs, state.earliestMs);
    this.latestMs = Math.max(this.latestMs, state.latestMs);
  }
}
