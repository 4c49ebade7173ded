import { type Level, type LogLine, type TimeRange, LEVELS } from '../../engine/log-line.ts';
import type { CountSeries } from '../../engine/investigation/exact-counts.ts';
import { sumOf, total } from './count-lines.ts';
import type { ReadContext } from './read-context.ts';
import { levelFilter, selector } from '../../engine/logql/selector.ts';

/** Levels that are read together: the rarer and graver a group is, the sooner all of it is read. */
const LEVEL_GROUPS: readonly (readonly Level[])[] = [
  ['error', 'fatal'],
  ['warn'],
  ['trace', 'debug', 'info', 'unknown'],
];
/** Of services whose lines are cut, lines are read from the ends of this many equal parts of the window. */
const SLICES = 8;
/** Services with fewer lines than this share of the mean are read apart: next to the others little of them would show. */
const SMALL_SHARE = 0.5;

/**
 * Reads at most `linesMax` of the counted lines: whole where the budget allows it, otherwise evenly over services and
 * time. Every line's weight is what makes its service and level add up to the exact count.
 */
export async function readSample(
  context: ReadContext,
  range: TimeRange,
  counts: readonly CountSeries[],
  linesMax: number,
): Promise<readonly LogLine[]> {
  const groups = LEVEL_GROUPS.map((levels) => counts.filter(({ level }) => levels.includes(level)));
  const budgets = shareOut(linesMax, groups.map(total));
  const parts = await Promise.all(
    groups.map((group, index) =>
      readGroup(context, range, group, budgets[index] ?? 0, LEVEL_GROUPS[index] ?? LEVELS),
    ),
  );
  return weigh(parts.flat(), counts);
}

/** Water-filling: each demand is met in full or gets an equal share of what the smaller ones left. */
export function shareOut(budget: number, demands: readonly number[]): number[] {
  const shares = demands.map(() => 0);
  const order = demands.map((_, index) => index).sort((a, b) => (demands[a] ?? 0) - (demands[b] ?? 0));
  let left = budget;
  order.forEach((index, position) => {
    const share = Math.min(demands[index] ?? 0, Math.floor(left / (order.length - position)));
    shares[index] = share;
    left -= share;
  });
  return shares;
}

async function readGroup(
  context: ReadContext,
  range: TimeRange,
  counts: readonly CountSeries[],
  budget: number,
  levels: readonly Level[],
): Promise<readonly LogLine[]> {
  const demand = byService(counts);
  if (demand.size === 0) return [];
  const read = (services: readonly string[] | undefined, part: TimeRange, limit: number) =>
    readLevels(context, services, levels, part, limit);
  if (total(counts) <= budget) return read(context.filter.services, range, budget);

  const services = [...demand.keys()];
  const shares = shareOut(budget, [...demand.values()]);
  const share = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + (shares[services.indexOf(name)] ?? 0), 0);
  const whole = services.filter((service, index) => shares[index] === demand.get(service));
  const { small, large } = bySize(
    services.filter((service) => !whole.includes(service)),
    demand,
  );
  const reads = [...small.map((service) => [service]), large].flatMap((names) =>
    split(range, SLICES).map((part) => read(names, part, Math.ceil(share(names) / SLICES))),
  );
  if (whole.length > 0) reads.push(read(whole, range, budget));
  return (await Promise.all(reads)).flat();
}

function bySize(services: readonly string[], demand: ReadonlyMap<string, number>) {
  const mean = services.reduce((sum, service) => sum + (demand.get(service) ?? 0), 0) / services.length;
  const isSmall = (service: string) => (demand.get(service) ?? 0) < SMALL_SHARE * mean;
  return { small: services.filter(isSmall), large: services.filter((service) => !isSmall(service)) };
}

async function readLevels(
  context: ReadContext,
  services: readonly string[] | undefined,
  levels: readonly Level[],
  range: TimeRange,
  limit: number,
): Promise<readonly LogLine[]> {
  const { filter, labels, source, signal } = context;
  const wanted = filter.levels ? levels.filter((level) => filter.levels?.includes(level)) : levels;
  if (wanted.length === 0 || limit === 0 || services?.length === 0) return [];
  const query = `${selector({ ...filter, services, levels: undefined }, labels)} ${levelFilter(wanted, labels)}`;
  return source.read(`lines (${wanted.join(', ')})`, { query, range, limit, signal });
}

function weigh(lines: readonly LogLine[], counts: readonly CountSeries[]): readonly LogLine[] {
  const counted = new Map(
    counts.map((series) => [`${series.service}\n${series.level}`, sumOf(series.counts)]),
  );
  const read = new Map<string, number>();
  for (const { service, level } of lines) {
    const key = `${service}\n${level}`;
    read.set(key, (read.get(key) ?? 0) + 1);
  }
  return lines.map((line) => {
    const key = `${line.service}\n${line.level}`;
    const weight = (counted.get(key) ?? 0) / (read.get(key) ?? 1);
    return weight > 1 ? { ...line, weight } : line;
  });
}

function byService(counts: readonly CountSeries[]): Map<string, number> {
  const lines = new Map<string, number>();
  for (const series of counts) {
    lines.set(series.service, (lines.get(series.service) ?? 0) + sumOf(series.counts));
  }
  return lines;
}

function split({ startMs, endMs }: TimeRange, parts: number): TimeRange[] {
  const at = (index: number) => Math.round(startMs + ((endMs - startMs) * index) / parts);
  return Array.from({ length: parts }, (_, index) => ({ startMs: at(index), endMs: at(index + 1) }));
}
