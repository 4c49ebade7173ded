import { parseBytes, parseDurationNs } from '../../logql/literals.ts';
import { castFloat, castInteger, text } from './arguments.ts';
import type { FunctionTable, TemplateFunction } from './functions.ts';
import { TemplateError } from './template-error.ts';
import type { TemplateValue } from './template-value.ts';

/** Integers wrap around at 64 bits, as Go's do. */
const integers = (combine: (left: bigint, right: bigint) => bigint, most = 50): TemplateFunction => ({
  arity: [most === 2 ? 2 : 1, most],
  run: (values) => values.map(castInteger).reduce((left, right) => BigInt.asIntN(64, combine(left, right))),
});

const floats = (combine: (left: number, right: number) => number): TemplateFunction => ({
  arity: [1, 50],
  run: (values) => values.map(castFloat).reduce((left, right) => combine(left, right)),
});

const one = (run: (value: TemplateValue) => TemplateValue): TemplateFunction => ({
  arity: [1, 1],
  run: ([value]) => run(value ?? null),
});

function notZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new TemplateError('runtime error: integer divide by zero');
  return divisor;
}

function round(value: number, digits: number, roundOn: number): number {
  const scaled = value * 10 ** digits;
  const fraction = scaled - Math.trunc(scaled);
  return (fraction >= roundOn ? Math.ceil(scaled) : Math.floor(scaled)) / 10 ** digits;
}

const readSeconds = one((value) => {
  const ns = parseDurationNs(text(value), true);
  if (ns === null) throw new TemplateError(`time: invalid duration ${JSON.stringify(value)}`);
  return ns / 1e9;
});

const readBytes = one((value) => {
  const bytes = parseBytes(text(value));
  if (bytes === null) throw new TemplateError(`${JSON.stringify(value)} is not a size in bytes`);
  return bytes;
});

export const MATHS_FUNCTIONS: FunctionTable = {
  int: one(castInteger),
  float64: one(castFloat),
  add: integers((left, right) => left + right),
  sub: integers((left, right) => left - right, 2),
  mul: integers((left, right) => left * right),
  div: integers((left, right) => left / notZero(right), 2),
  mod: integers((left, right) => left % notZero(right), 2),
  max: integers((left, right) => (left > right ? left : right)),
  min: integers((left, right) => (left < right ? left : right)),
  addf: floats((left, right) => left + right),
  subf: floats((left, right) => left - right),
  mulf: floats((left, right) => left * right),
  divf: floats((left, right) => left / right),
  maxf: floats(Math.max),
  minf: floats(Math.min),
  ceil: one((value) => Math.ceil(castFloat(value))),
  floor: one((value) => Math.floor(castFloat(value))),
  round: {
    arity: [2, 3],
    run: ([value, digits, roundOn]) =>
      round(castFloat(value), Number(castInteger(digits)), roundOn === undefined ? 0.5 : castFloat(roundOn)),
  },
  bytes: readBytes,
  duration: readSeconds,
  duration_seconds: readSeconds,
};
