import type { FormatName } from '../formats/parse-line.ts';
import type { InvestigationResult } from '../investigation/investigation.ts';
import type { TimeRange } from '../log-line.ts';
import type { LineCounts } from './read-events.ts';
import type { Timeline } from './timeline.ts';

/** Everything that a report is written from. */
export interface Analysis {
  readonly files: readonly FileReading[];
  /** The time that is reported on; null when no line of any file carries a time. */
  readonly window: TimeRange | null;
  /** What the window is compared with; null without `--since`. */
  readonly baseline: TimeRange | null;
  readonly result: InvestigationResult;
  readonly timeline: Timeline;
}

/** What reading one file gave. */
export interface FileReading extends LineCounts {
  readonly name: string;
  readonly format: FormatName;
}
