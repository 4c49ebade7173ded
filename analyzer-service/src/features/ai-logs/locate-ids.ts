import type { ReadContext } from './read-context.ts';
import { selector } from '../../engine/logql/selector.ts';

interface LocatedId {
  readonly name: string;
  readonly value: string;
  /** The field that carries it, or null where it can only stand in the text. */
  readonly field: string | null;
}

/**
 * Ids are structured metadata where the collector was told so. The id of a request that no line of the window carries
 * under its name is looked for under the other names of request ids; an id that no line carries at all is looked for
 * in the lines' text. The answer says which of these was done.
 */
export async function locateIds(context: ReadContext): Promise<ReadContext> {
  const { filter } = context;
  const located = await Promise.all(
    Object.entries(filter.ids).map(([name, value]) => locate(context, name, value)),
  );
  const moved = located.filter(({ name, field }) => field !== name);
  if (moved.length === 0) return context;
  return {
    ...context,
    filter: {
      ...filter,
      ids: Object.fromEntries(located.flatMap(({ value, field }) => (field ? [[field, value]] : []))),
      texts: located.flatMap(({ value, field }) => (field ? [] : [value])),
    },
    warnings: [
      ...context.warnings,
      ...moved.map(({ name, value, field }) =>
        field
          ? `No line carries ${name} ${value}; lines with this ${field} were taken.`
          : `No line carries ${name} ${value} as structured metadata: lines that contain it were taken.`,
      ),
    ],
  };
}

async function locate(context: ReadContext, name: string, value: string): Promise<LocatedId> {
  if (await isCarried(context, name, value)) return { name, value, field: name };
  const others = context.requestIdFields.includes(name)
    ? context.requestIdFields.filter((other) => other !== name)
    : [];
  const carried = await Promise.all(others.map((other) => isCarried(context, other, value)));
  return { name, value, field: others.find((_, index) => carried[index]) ?? null };
}

async function isCarried(context: ReadContext, name: string, value: string): Promise<boolean> {
  const { filter, labels, source, window, signal } = context;
  const lines = selector({ services: filter.services, ids: { [name]: value } }, labels);
  const query = `sum(count_over_time(${lines} [$step]))`;
  const stepMs = window.endMs - window.startMs;
  const [series] = await source.count(`whether lines carry this ${name}`, {
    query,
    range: window,
    stepMs,
    signal,
  });
  return (series?.values[0] ?? 0) > 0;
}
