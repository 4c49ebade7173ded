import type { Breather } from '../breather.ts';
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

export async function applyBinary(
  operation: BinaryOperation,
  left: MetricValue,
  right: MetricValue,
  breather: Breather,
): Promise<MetricValue> {
  const { operator, matching } = operation;
  if (typeof left === 'number' && typeof right === 'number')
    return combine(operation, true, left, right) ?? 0;
  if (typeof right === 'number')
    return changeValues(
      left as readonly Series[],
      (value) => combine(operation, false, value, right, value),
      breather,
    );
  if (typeof left === 'number')
    return changeValues(right, (value) => combine(operation, false, left, value, value), breather);
  if (operator === 'and' || operator === 'or' || operator === 'unless')
    return applySet(operator, matching, left, right, breather);
  return matchVectors(operation, left, right, breather);
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

async function changeValues(
  all: readonly Series[],
  change: (value: number) => number | undefined,
  breather: Breather,
): Promise<Series[]> {
  const changed: Series[] = [];
  for (const series of all) {
    await breather.breathe();
    const values = series.values.map((value) => (value === undefined ? undefined : change(value)));
    changed.push({ labels: series.labels, values });
  }
  return changed;
}

function keyFor(matching: VectorMatching | null): (labels: Labels) => string {
  if (!matching) return signatureOf;
  const { on, labels: names } = matching;
  return (labels) => signatureOf(pick(labels, (name) => names.includes(name) === on));
}

function pick(labels: Labels, isPicked: (name: string) => boolean): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => isPicked(name)));
}

async function applySet(
  operator: 'and' | 'or' | 'unless',
  matching: VectorMatching | null,
  left: readonly Series[],
  right: readonly Series[],
  breather: Breather,
): Promise<Series[]> {
  const key = keyFor(matching);
  const [kept, other] = operator === 'or' ? [right, left] : [left, right];
  const others = Map.groupBy(other, ({ labels }) => key(labels));
  const wantsOther = operator === 'and';
  const filtered: Series[] = [];
  for (const { labels, values } of kept) {
    await breather.breathe();
    const partners = others.get(key(labels)) ?? [];
    const has = (step: number): boolean => partners.some((partner) => partner.values[step] !== undefined);
    filtered.push({
      labels,
      values: values.map((value, step) => (has(step) === wantsOther ? value : undefined)),
    });
  }
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

async function matchVectors(
  operation: BinaryOperation,
  left: readonly Series[],
  right: readonly Series[],
  breather: Breather,
): Promise<Series[]> {
  const { matching } = operation;
  const card = matching?.card ?? 'one-to-one';
  const [many, one] = card === 'one-to-many' ? [right, left] : [left, right];
  const key = keyFor(matching);
  const partners = Map.groupBy(one, ({ labels }) => key(labels));
  const taken = new Map<string, boolean[]>();
  const results: Series[] = [];
  for (const { labels, values } of many) {
    await breather.breathe();
    const signature = key(labels);
    const matched = partners.get(signature);
    if (!matched?.[0]) continue;
    const isTaken = taken.get(signature) ?? [];
    taken.set(signature, isTaken);
    const combined = values.map((value, step) => {
      const partner = value === undefined ? undefined : partnerAt(matched, step);
      if (value === undefined || partner === undefined) return undefined;
      if (card === 'one-to-one' && isTaken[step]) throw matchedTwice();
      isTaken[step] = true;
      const [a, b] = card === 'one-to-many' ? [partner, value] : [value, partner];
      return combine(operation, false, a, b);
    });
    results.push({ labels: resultLabels(operation, labels, matched[0].labels), values: combined });
  }
  return joinSeries(results);
}

const matchedTwice = (): Error =>
  badRequest('multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)');

function partnerAt(partners: readonly Series[], step: number): number | undefined {
  if (partners.length === 1) return partners[0]?.values[step];
  const present = partners.filter((partner) => partner.values[step] !== undefined);
  if (present.length > 1)
    throw badRequest(
      'found duplicate series on the one side of the operation: add labels to on() or remove them from ignoring()',
    );
  return present[0]?.values[step];
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
