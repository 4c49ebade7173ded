import type { ParameterDistribution } from './parameter-sketch.ts';

/** A number that stands for the template of an added line. It stays valid while the miner lives, whatever merges. */
export type TemplateHandle = number;

export interface Template {
  /** The same for the same text, in every process: 16 hexadecimal digits. */
  readonly id: string;
  /** The wording, with `<*>` for each value; runs of white space are one blank. */
  readonly text: string;
  /** Weighted lines. */
  readonly count: number;
  /** What a user called it, when it is a pinned pattern. */
  readonly name: string | null;
}

/** One `<*>` of a template. */
export interface TemplateParameter {
  /** What the wording or the user calls it: the key of `key=`, or the word before it. Null when neither is there. */
  readonly name: string | null;
  readonly values: ParameterDistribution;
}

/** 64 bits of the text as 16 hexadecimal digits (two rounds of FNV-1a with different seeds, finished as in MurmurHash3). */
export function templateId(text: string): string {
  return hex(hashOf(text, 0x811c9dc5, 0x01000193)) + hex(hashOf(text, 0x9e3779b9, 0x85ebca6b));
}

function hashOf(text: string, seed: number, prime: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), prime);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}
