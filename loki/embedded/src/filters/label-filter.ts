import { unreachable } from '../errors.ts';
import { parseBytes, parseDurationNs, parseGoFloat } from '../logql/literals.ts';
import type { CompareOperator, LabelFilter } from '../logql/syntax.ts';
import type { Entry } from '../pipeline/entry.ts';
import { compileIpPattern } from './ip.ts';
import { compileMatcher } from './matcher.ts';

const LABEL_FILTER_ERROR = 'LabelFilterErr';

export function compileLabelFilter(filter: LabelFilter): (entry: Entry) => boolean {
  switch (filter.kind) {
    case 'match': {
      const { name } = filter.matcher;
      const test = compileMatcher(filter.matcher);
      return (entry) => test(entry.valueForFilter(name));
    }
    case 'and': {
      const [left, right] = [compileLabelFilter(filter.left), compileLabelFilter(filter.right)];
      return (entry) => {
        const isLeft = left(entry);
        return right(entry) && isLeft;
      };
    }
    case 'or': {
      const [left, right] = [compileLabelFilter(filter.left), compileLabelFilter(filter.right)];
      return (entry) => left(entry) || right(entry);
    }
    case 'ip':
      return compileIpLabelFilter(filter);
    case 'number':
    case 'duration':
    case 'bytes':
      return compileComparison(filter);
    default:
      return unreachable(filter);
  }
}

function compileIpLabelFilter({
  name,
  operator,
  pattern,
}: Extract<LabelFilter, { kind: 'ip' }>): (entry: Entry) => boolean {
  const test = compileIpPattern(pattern);
  return (entry) => {
    const value = entry.get(name);
    if (value === undefined) return false;
    return test(value) === (operator === '=');
  };
}

type Comparison = Extract<LabelFilter, { kind: 'number' | 'duration' | 'bytes' }>;

const READERS: Readonly<Record<Comparison['kind'], (text: string) => number | null>> = {
  number: parseGoFloat,
  duration: (text) => parseDurationNs(text, true),
  bytes: (text) => parseBytes(text.trim()),
};

/** A value that cannot be read keeps the line and marks it, unless an earlier stage marked it already. */
function compileComparison({ kind, name, operator, value }: Comparison): (entry: Entry) => boolean {
  const read = READERS[kind];
  const compare = COMPARE[operator];
  return (entry) => {
    const text = entry.get(name);
    if (text === undefined) return false;
    const found = read(text);
    if (found !== null) return compare(found, value);
    if (entry.error === '') entry.fail(LABEL_FILTER_ERROR, `"${text}" is not a ${kind}`);
    return true;
  };
}

const COMPARE: Readonly<Record<CompareOperator, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
};
