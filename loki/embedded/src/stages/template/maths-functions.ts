import { parseBytes, parseDurationNs } from '../../logql/literals.ts';
import { castFloat, castInteger, text } from './arguments.ts';
import type { FunctionTable, TemplateFunction } from './functions.ts';
import { TemplateError } from './template-error.ts';
import { isTruthy, type TemplateValue } from './template-value.ts';

const fold = (
  cast: (value: TemplateValue) => number,
  combine: (left: number, right: number) => number,
  most = 50,
): TemplateFunction => ({
  arity: [most === 2 ? 2 : 1, most],
  run: (values) => values.map(cast).reduce(combine),
});

function divide(left: number, right: number): number {
  if (right === 0) throw new TemplateError('runtime error: integer divide by zero');
  return Math.trunc(left / right);
}

function remainder(left: number, right: number): number {
  if (right === 0) throw new TemplateError('runtime error: integer divide by zero');
  return left % right;
}

const one = (run: (value: TemplateValue) => TemplateValue): TemplateFunction => ({
  arity: [1, 1],
  run: ([value]) => run(value ?? null),
});

function round(value: number, digits: number, roundOn: number): number {
  const scaled = value * 10 ** digits;
  const fraction = scaled - Math.floor(scaled);
  return (fraction >= roundOn ? Math.ceil(scaled) : Math.floor(scaled)) / 10 ** digits;
}

const readSeconds = one((value) => {
  const ns = parseDurationNs(text(value), true);
  if (ns === null) throw new TemplateError(`time: invalid duration ${JSON.stringify(value)}`);
  return ns / 1e9;
});

export const MATHS_FUNCTIONS: FunctionTable = {
  int: one(castInteger),
  float64: one(castFloat),
  add: fold(castInteger, (left, right) => left + right),
  sub: fold(castInteger, (left, right) => left - right, 2),
  mul: fold(castInteger, (left, right) => left * right),
  div: fold(castInteger, divide, 2),
  mod: fold(castInteger, remainder, 2),
  max: fold(castInteger, Math.max),
  min: fold(castInteger, Math.min),
  addf: fold(castFloat, (left, right) => left + right),
  subf: fold(castFloat, (left, right) => left - right),
  mulf: fold(castFloat, (left, right) => left * right),
  divf: fold(castFloat, (left, right) => left / right),
  maxf: fold(castFloat, Math.max),
  minf: fold(castFloat, Math.min),
  ceil: one((value) => Math.ceil(castFloat(value))),
  floor: one((value) => Math.floor(castFloat(value))),
  round: {
    arity: [2, 3],
    run: ([value, digits, roundOn]) =>
      round(
        castFloat(value),
        castInteger(digits),
        roundOn !== undefined && isTruthy(roundOn) ? castFloat(roundOn) : 0.5,
      ),
  },
  bytes: one((value) => {
    const bytes = parseBytes(text(value));
    if (bytes === null) throw new TemplateError(`${JSON.stringify(value)} is not a size in bytes`);
    return bytes;
  }),
  duration: readSeconds,
  duration_seconds: readSeconds,
};
