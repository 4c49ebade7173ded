import { createHash } from 'node:crypto';

/** A number that stands for the template of an added line. It stays valid while the miner lives, whatever merges. */
export type TemplateHandle = number;

export interface Template {
  /** The same for the same text, in every process: 16 hexadecimal digits. */
  readonly id: string;
  /** The wording, with `<*>` for each value; runs of white space are one blank. */
  readonly text: string;
  /** Weighted lines. */
  readonly count: number;
}

export function templateId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
