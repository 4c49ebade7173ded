import type { Labels } from '../pipeline/entry.ts';

const known = new Map<string, Labels>();
const KNOWN_MAX = 2000;

/** The structured metadata of a stored line, with its level. */
export function storedMetadata(text: string, level: string): Labels {
  const key = `${level}\0${text}`;
  const cached = known.get(key);
  if (cached) return cached;
  const metadata = text === '' ? {} : (JSON.parse(text) as Labels);
  const labels = { ...metadata, detected_level: level };
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, labels);
  return labels;
}
