import { createHash } from 'node:crypto';
import type { LogLine } from '../../../engine/log-line.ts';

/** What finds a line again: who wrote it, when, and a part of its hash that tells it from others of that instant. */
export interface EvidenceId {
  readonly service: string;
  readonly timestampNs: string;
  readonly hash: string;
}

type Identity = Pick<LogLine, 'service' | 'timestampNs' | 'text'>;

const SHAPE = /^e:([0-9a-z]{1,13}):([0-9a-f]{6}):(\S{0,600})$/;

/** `e:<time in base 36>:<hash>:<service>`: the same for the same line in every process, nothing is kept for it. */
export function evidenceId(line: Identity): string {
  const time = BigInt(line.timestampNs).toString(36);
  return `e:${time}:${hashOf(line)}:${encodeURIComponent(line.service.toWellFormed().slice(0, 100))}`;
}

/** Null when the text is none. */
export function readEvidenceId(text: string): EvidenceId | null {
  const [, time = '', hash = '', service = ''] = SHAPE.exec(text.trim()) ?? [];
  if (!time) return null;
  let timestampNs = 0n;
  for (const digit of time) timestampNs = timestampNs * 36n + BigInt(Number.parseInt(digit, 36));
  try {
    return { timestampNs: String(timestampNs), hash, service: decodeURIComponent(service) };
  } catch {
    return null;
  }
}

export function isLineOf({ timestampNs, hash }: EvidenceId, line: Identity): boolean {
  return line.timestampNs === timestampNs && hashOf(line) === hash;
}

function hashOf({ service, timestampNs, text }: Identity): string {
  return createHash('sha256').update(`${service}\n${timestampNs}\n${text}`).digest('hex').slice(0, 6);
}
