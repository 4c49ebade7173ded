import type { Level } from '../log-line.ts';
import type { DateOptions, Instant } from './timestamp.ts';

/** What one line says about itself. */
export interface ParsedLine {
  /** Null when the line carries no time. */
  readonly instant: Instant | null;
  /** `unknown` when the line does not state one. */
  readonly level: Level;
  /** The service or program that wrote it; empty when the line does not say. */
  readonly service: string;
  /** The part of it that wrote the line: a logger, a source file; empty when the line does not say. */
  readonly component: string;
  /** The line without its header: what the programmer wrote. */
  readonly message: string;
  /** Everything else that was named: status, trace_id, host ... */
  readonly fields: Readonly<Record<string, string>>;
}

/** Answers null when the text is not in its format. Never throws; time is linear in the length of the text. */
export type LineParser = (text: string, options: DateOptions) => ParsedLine | null;

export const NO_FIELDS: Readonly<Record<string, string>> = Object.freeze({});
