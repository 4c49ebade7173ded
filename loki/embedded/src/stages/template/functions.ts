import { BUILTIN_FUNCTIONS } from './builtin-functions.ts';
import { MATHS_FUNCTIONS } from './maths-functions.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { TIME_FUNCTIONS } from './time-functions.ts';
import type { TemplateValue } from './template-value.ts';

/** The line that a template is run for. */
export type TemplateCall = { readonly line: string; readonly timestamp: string };

export type TemplateFunction = {
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  readonly run: (values: TemplateValue[], call: TemplateCall) => TemplateValue;
};

export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

/** The functions that Loki's templates know: Go's own, Loki's, and its choice of sprig's. */
export const FUNCTIONS: FunctionTable = {
  ...BUILTIN_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...MATHS_FUNCTIONS,
  ...TIME_FUNCTIONS,
};

export const isTemplateFunction = (name: string): boolean => Object.hasOwn(FUNCTIONS, name);
