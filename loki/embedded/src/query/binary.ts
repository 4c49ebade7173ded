import { badRequest } from '../errors.ts';
import type { BinaryOperation, VectorMatching } from '../logql/syntax.ts';
import type { Labels } from '../pipeline/entry.ts';
import { signatureOf, type Series } from './series.ts';

/** The value of a metric query: series, or a number that holds at every step. */
export type MetricValue = readonly Series[] | number;

type Operator = (left: number, right: number) => number;

const ARITHMETIC: Readonly<Record<string, Operator>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
};

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
};

export function applyBinary(operation: BinaryOperation, left: MetricValue, right: MetricValue): MetricValue {
  const { operator } = operation;
  if (typeof left === 'number' && typeof right === 'number')
    return combine(operation, true, left, right) ?? 0;
  if (operator === 'and' || operator === 'or' || operator === 'unless')
    return applySet(operator, operation.matching, left as readonly Series[], right as readonly Series[]);
  if (typeof right === 'number')
    return (left as readonly Series[]).map((series) =>
      withValues(series, (value) => combine(operation, false, value, right, value)),
    );
  if (typeof left === 'number')
    return right.map((series) =>
      withValues(series, (value) => combine(operation, false, left, value, value)),
    );
  return matchVectors(operation, left, right);
}

/** `kept` is what a comparison without `bool` lets through. */
function combine(
  { operator, bool }: BinaryOperation,
  isScalar: boolean,
  left: number,
  right: number,
  kept: number = left,
): number | undefined {
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic) return arithmetic(left, right);
  const holds = COMPARISONS[operator]?.(left, right) ?? false;
  if (bool || isScalar) return holds ? 1 : 0;
  return holds ? kept : undefined;
}

function withValues(series: Series, change: (value: number) => number | undefined): Series {
  return {
    labels: series.labels,
    values: series.values.map((value) => (value === undefined ? undefined : change(value))),
  };
}

function keyFor(matching: VectorMatching | null): (labels: Labels) => string {
  if (!matching) return signatureOf;
  const { on, labels: names } = matching;
  return (labels) => signatureOf(pick(labels, (name) => names.includes(name) === on));
}

function pick(labels: Labels, isPicked: (name: string) => boolean): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => isPicked(name)));
}

function applySet(
  operator: 'and' | 'or' | 'unless',
  matching: VectorMatching | null,
  left: readonly Series[],
  right: readonly Series[],
): Series[] {
  const key = keyFor(matching);
  const [kept, other] = operator === 'or' ? [right, left] : [left, right];
  const others = Map.groupBy(other, ({ labels }) => key(labels));
  const wantsOther = operator === 'and';
  const filtered = kept.map(({ labels, values }) => {
    const partners = others.get(key(labels)) ?? [];
    const has = (step: number): boolean => partners.some((partner) => partner.values[step] !== undefined);
    return { labels, values: values.map((value, step) => (has(step) === wantsOther ? value : undefined)) };
  });
  return operator === 'or' ? joinSeries([...left, ...filtered]) : filtered;
}

/** Series of equal labels become one. */
function joinSeries(all: readonly Series[]): Series[] {
  const groups = Map.groupBy(all, ({ labels }) => signatureOf(labels));
  return [...groups.values()].map((members) => {
    const [first] = members as [Series];
    if (members.length === 1) return first;
    const values = first.values.map(
      (_, step) => members.find((member) => member.values[step] !== undefined)?.values[step],
    );
    return { labels: first.labels, values };
  });
}

function matchVectors(
  operation: BinaryOperation,
  left: readonly Series[],
  right: readonly Series[],
): Series[] {
  const { matching } = operation;
  const card = matching?.card ?? 'one-to-one';
  const [many, one] = card === 'one-to-many' ? [right, left] : [left, right];
  const key = keyFor(matching);
  const partners = Map.groupBy(one, ({ labels }) => key(labels));
  const results: Series[] = [];
  const used = new Map<string, boolean[]>();
  for (const series of many) {
    const signature = key(series.labels);
    const matched = partners.get(signature);
    if (!matched) continue;
    const taken = used.get(signature) ?? [];
    used.set(signature, taken);
    const values = series.values.map((value, step) => {
      const found = matched.filter((partner) => partner.values[step] !== undefined);
      if (value === undefined || found.length === 0) return undefined;
      if (found.length > 1)
        throw badRequest(
          'found duplicate series on the one side of the operation: add labels to on() or remove them from ignoring()',
        );
      if (card === 'one-to-one' && taken[step])
        throw badRequest(
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        );
      taken[step] = true;
      const partner = found[0]?.values[step] as number;
      const [a, b] = card === 'one-to-many' ? [partner, value] : [value, partner];
      return combine(operation, false, a, b);
    });
    results.push({ labels: resultLabels(operation, series.labels, matched[0]?.labels ?? {}), values });
  }
  return joinSeries(results);
}

function resultLabels({ matching }: BinaryOperation, many: Labels, one: Labels): Labels {
  if (!matching) return many;
  if (matching.card === 'one-to-one')
    return pick(many, (name) => matching.labels.includes(name) === matching.on);
  const labels: Record<string, string> = { ...many };
  for (const name of matching.include) {
    const value = one[name];
    if (value === undefined || value === '') delete labels[name];
    else labels[name] = value;
  }
  return labels;
}
