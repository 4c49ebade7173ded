import { badRequest } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { isLabelName } from '../pipeline/label-name.ts';
import type { Labels } from '../pipeline/entry.ts';

const shown = (labels: Labels): string => JSON.stringify(labels).slice(0, 500);

/** Refuses labels as Loki's distributor does. */
export function checkLabels(labels: Labels, limits: Limits): void {
  const names = Object.keys(labels);
  if (names.length === 0) throw badRequest('error at least one label pair is required per stream');
  if (names.length > limits.labelNamesMax)
    throw badRequest(
      `entry for stream '${shown(labels)}' has ${names.length} label names; limit ${limits.labelNamesMax}`,
    );
  for (const name of names) {
    if (!isLabelName(name))
      throw badRequest(
        `error parsing labels '${shown(labels)}' with error: ${JSON.stringify(name)} is not a valid label name`,
      );
    if (name.length > limits.labelNameBytesMax)
      throw badRequest(`stream '${shown(labels)}' has label name too long: '${name.slice(0, 200)}'`);
    const value = labels[name] ?? '';
    if (exceeds(value, limits.labelValueBytesMax))
      throw badRequest(`stream '${shown(labels)}' has label value too long: '${value.slice(0, 200)}'`);
  }
}

export function checkLine(line: string, labels: Labels, limits: Limits): void {
  if (exceeds(line, limits.lineBytesMax))
    throw badRequest(
      `max entry size '${limits.lineBytesMax}' bytes exceeded for stream '${shown(labels)}' while adding an entry with length '${Buffer.byteLength(line)}' bytes`,
    );
}

export function checkMetadata(metadata: Labels, labels: Labels, limits: Limits): void {
  let entries = 0;
  let bytes = 0;
  for (const name in metadata) {
    entries += 1;
    bytes += Buffer.byteLength(name) + Buffer.byteLength(metadata[name] ?? '');
  }
  if (bytes > limits.metadataBytesMax)
    throw badRequest(
      `stream '${shown(labels)}' has structured metadata too large: '${bytes}' bytes, limit: '${limits.metadataBytesMax}' bytes`,
    );
  if (entries > limits.metadataEntriesMax)
    throw badRequest(
      `stream '${shown(labels)}' has too many structured metadata labels: '${entries}', limit: '${limits.metadataEntriesMax}'`,
    );
}

/** A string of n characters takes n to 3n bytes of UTF-8: only in between must they be counted. */
const exceeds = (text: string, bytesMax: number): boolean =>
  text.length > bytesMax || (text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax);
