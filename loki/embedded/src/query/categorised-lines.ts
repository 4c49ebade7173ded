import type { Labels } from '../pipeline/entry.ts';
import type { StoredLine } from '../store/rows.ts';
import { labelsTextOf, type Streams } from '../store/streams.ts';
import type { LineWriter } from './log-query.ts';
import { categorise, StoredLabels, type CategorisedLabels } from './stored-labels.ts';

/** A line in an answer with categories: the labels that group it, and itself as JSON. */
export type CategorisedLine = { readonly stream: Labels; readonly json: string };

/**
 * Writes lines with structured metadata and parsed labels beside each. What is stored is JSON already: as long as no
 * name stands both in the stream and in the metadata, it goes into the answer as it is, which takes a fifth of the
 * time of reading and writing it.
 */
export function categorisedWriter(streams: Streams): LineWriter<CategorisedLine> {
  const storedLabels = new StoredLabels(streams);
  const namesOf = new Map<number, readonly string[]>();
  const hasSharedName = ({ stream, metadata }: StoredLine, labels: Labels): boolean => {
    let names = namesOf.get(stream);
    if (!names) {
      names = ['detected_level', ...Object.keys(labels)].map((name) => `${JSON.stringify(name)}:`);
      namesOf.set(stream, names);
    }
    return names.some((name) => metadata.includes(name));
  };
  return {
    stored: (line) => {
      const { labels } = streams.byId(line.stream);
      if (Object.hasOwn(labels, 'detected_level') || hasSharedName(line, labels)) {
        const categories = storedLabels.of(line);
        return { stream: categories.stream, json: lineText(line.time, line.text, categories) };
      }
      const level = `"detected_level":${JSON.stringify(line.level)}}`;
      const metadata = line.metadata === '' ? `{${level}` : `${line.metadata.slice(0, -1)},${level}`;
      return {
        stream: labels,
        json: `["${line.time}",${JSON.stringify(line.text)},{"structuredMetadata":${metadata}}]`,
      };
    },
    changed: (entry) => {
      const categories = categorise(entry);
      return { stream: categories.stream, json: lineText(entry.timestamp, entry.line, categories) };
    },
  };
}

const LINES_A_PART = 500;

/** The answer to a log query as text, in parts of bounded length. */
export function* categorisedText(found: readonly CategorisedLine[]): Generator<string> {
  yield '{"status":"success","data":{"resultType":"streams","encodingFlags":["categorize-labels"],"result":[';
  let separator = '';
  for (const [labels, lines] of groupByLabels(found)) {
    yield `${separator}{"stream":${labels},"values":[`;
    for (let from = 0; from < lines.length; from += LINES_A_PART)
      yield (from > 0 ? ',' : '') + lines.slice(from, from + LINES_A_PART).join(',');
    yield ']}';
    separator = ',';
  }
  yield '],"stats":{}}}';
}

function groupByLabels(found: readonly CategorisedLine[]): (readonly [string, string[]])[] {
  const groups = new Map<string, string[]>();
  const known = new Map<Labels, string[]>();
  for (const { stream, json } of found) {
    let group = known.get(stream);
    if (!group) {
      const text = labelsTextOf(stream);
      group = groups.get(text) ?? [];
      groups.set(text, group);
      known.set(stream, group);
    }
    group.push(json);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function lineText(timestamp: string, line: string, { metadata, parsed }: CategorisedLabels): string {
  const categories = {
    ...(Object.keys(metadata).length > 0 ? { structuredMetadata: metadata } : {}),
    ...(Object.keys(parsed).length > 0 ? { parsed } : {}),
  };
  return JSON.stringify([timestamp, line, categories]);
}
