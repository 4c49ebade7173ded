import type { Analysis, FileReading } from './analysis.ts';

/** Where every line went: `in_templates` and everything under `rest` add up to `read`. */
export interface LineAccount {
  readonly read: number;
  readonly in_templates: number;
  readonly rest: {
    /** Further lines of events that a template counts once, such as stack traces. */
    readonly continuation: number;
    readonly blank: number;
    /** Outside the time that `--since` asks for. */
    readonly outside: number;
    /** Events of templates beyond the limit. */
    readonly not_kept: number;
  };
  /** Of the events, those without a time of their own. */
  readonly without_time: number;
  /** Of the lines, those that were cut because they are too long. */
  readonly cut: number;
}

export function accountOfLines({ files, result }: Analysis): LineAccount {
  const sum = (pick: (file: FileReading) => number) => files.reduce((all, file) => all + pick(file), 0);
  return {
    read: sum((file) => file.lines),
    in_templates: result.templates.reduce(
      (all, { windowCount, baselineCount }) => all + windowCount + baselineCount,
      0,
    ),
    rest: {
      continuation: sum((file) => file.continuationLines),
      blank: sum((file) => file.blankLines),
      outside: result.linesOutside,
      not_kept: result.restLines,
    },
    without_time: sum((file) => file.eventsWithoutTime),
    cut: sum((file) => file.cutLines),
  };
}
