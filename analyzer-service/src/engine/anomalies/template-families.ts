import type { TemplateObservation } from './observation.ts';

/**
 * Templates of one service and level that differ in little are one message with several values: they are judged
 * together, because each alone may be too rare to tell. The most frequent one gives the wording.
 */
export interface TemplateFamily {
  readonly wording: TemplateObservation;
  readonly members: readonly TemplateObservation[];
}

/** Groups neighbours in alphabetical order, so the cost is that of sorting. */
export function templateFamilies(observations: readonly TemplateObservation[]): TemplateFamily[] {
  const sorted = [...observations].sort(
    (a, b) => compare(keyOf(a), keyOf(b)) || compare(a.template.text, b.template.text),
  );
  const groups: TemplateObservation[][] = [];
  for (const observation of sorted) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group !== undefined && first !== undefined && areAlike(first, observation)) group.push(observation);
    else groups.push([observation]);
  }
  return groups.map((members) => ({ wording: mostFrequent(members), members }));
}

function keyOf({ service, level }: TemplateObservation): string {
  return `${service}\n${level}`;
}

const ALIKE_SHARE = 0.8;
const LENGTH_MAX = 400;

/** Whether the beginning and the end that both share make up most of the longer one. */
function areAlike(a: TemplateObservation, b: TemplateObservation): boolean {
  if (keyOf(a) !== keyOf(b)) return false;
  const left = a.template.text.slice(0, LENGTH_MAX);
  const right = b.template.text.slice(0, LENGTH_MAX);
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  return head + tail >= ALIKE_SHARE * Math.max(left.length, right.length);
}

function mostFrequent(members: readonly TemplateObservation[]): TemplateObservation {
  let most = members[0];
  for (const member of members)
    if (most === undefined || member.windowCount > most.windowCount) most = member;
  if (most === undefined) throw new RangeError('A family needs at least one template.');
  return most;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
