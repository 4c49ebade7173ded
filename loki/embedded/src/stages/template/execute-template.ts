import { unreachable } from '../../errors.ts';
import { asMap, isTruthy, printValue, type TemplateValue } from './template-value.ts';
import { FUNCTIONS, type TemplateCall } from './functions.ts';
import type { Command, Operand, Pipe, TemplateNode } from './syntax.ts';
import { TemplateError } from './template-error.ts';

const OUTPUT_CHARACTERS_MAX = 1_000_000;
const STEPS_MAX = 100_000;

/** Runs a template over the labels of one line. */
export function executeTemplate(
  nodes: readonly TemplateNode[],
  call: TemplateCall,
  labels: TemplateValue,
): string {
  return new Execution(call, labels).run(nodes);
}

class Execution {
  readonly #call: TemplateCall;
  readonly #variables: { name: string; value: TemplateValue }[];
  #output = '';
  #steps = 0;

  constructor(call: TemplateCall, labels: TemplateValue) {
    this.#call = call;
    this.#variables = [{ name: '$', value: labels }];
  }

  run(nodes: readonly TemplateNode[]): string {
    this.#walk(nodes, this.#variables[0]?.value ?? null);
    return this.#output;
  }

  #walk(nodes: readonly TemplateNode[], dot: TemplateValue): void {
    const scope = this.#variables.length;
    for (const node of nodes) {
      this.#steps += 1;
      if (this.#steps > STEPS_MAX || this.#output.length > OUTPUT_CHARACTERS_MAX)
        throw new TemplateError('the template takes too long or writes too much');
      if (node.kind === 'text') this.#output += node.text;
      else if (node.kind === 'action') {
        const value = this.#evaluate(node.pipe, dot);
        if (node.pipe.variables.length === 0) this.#output += printValue(value);
      } else this.#branch(node, dot);
    }
    this.#variables.length = scope;
  }

  #branch(node: Exclude<TemplateNode, { kind: 'text' | 'action' }>, dot: TemplateValue): void {
    const scope = this.#variables.length;
    const value = this.#evaluate(node.pipe, dot);
    if (!isTruthy(value)) this.#walk(node.otherwise, dot);
    else if (node.kind === 'range') this.#range(node, value);
    else this.#walk(node.body, node.kind === 'with' ? value : dot);
    this.#variables.length = scope;
  }

  #range(node: Extract<TemplateNode, { kind: 'if' | 'with' | 'range' }>, value: TemplateValue): void {
    const items: [TemplateValue, TemplateValue][] = Array.isArray(value)
      ? value.map((item, index) => [BigInt(index), item])
      : Object.entries(asMap(value) ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const names = node.pipe.variables;
    for (const [key, item] of items) {
      const scope = this.#variables.length;
      if (names.length === 1) this.#variables.push({ name: names[0] ?? '', value: item });
      else if (names.length === 2)
        this.#variables.push({ name: names[0] ?? '', value: key }, { name: names[1] ?? '', value: item });
      this.#walk(node.body, item);
      this.#variables.length = scope;
    }
  }

  #evaluate(pipe: Pipe, dot: TemplateValue): TemplateValue {
    let value: TemplateValue | undefined;
    for (const command of pipe.commands) value = this.#evaluateCommand(command, dot, value);
    for (const name of pipe.variables) this.#assign(name, value ?? null);
    return value ?? null;
  }

  #assign(name: string, value: TemplateValue): void {
    const known = this.#variables.findLast((variable) => variable.name === name);
    if (known) known.value = value;
    else this.#variables.push({ name, value });
  }

  #evaluateCommand(command: Command, dot: TemplateValue, piped: TemplateValue | undefined): TemplateValue {
    const [first, ...rest] = command as [Operand, ...Operand[]];
    if (first.kind !== 'function') {
      if (rest.length > 0 || piped !== undefined)
        throw new TemplateError("can't give argument to non-function");
      return this.#valueOf(first, dot);
    }
    const values = rest.map((operand) => this.#valueOf(operand, dot));
    return this.#apply(first.name, piped === undefined ? values : [...values, piped]);
  }

  #apply(name: string, values: TemplateValue[]): TemplateValue {
    const definition = FUNCTIONS[name];
    if (!definition) throw new TemplateError(`function ${JSON.stringify(name)} not defined`);
    const { arity, run } = definition;
    if (values.length < arity[0] || values.length > arity[1])
      throw new TemplateError(`wrong number of args for ${name}: want ${arity[0]} got ${values.length}`);
    return run(values, this.#call);
  }

  #valueOf(operand: Operand, dot: TemplateValue): TemplateValue {
    switch (operand.kind) {
      case 'value':
        return operand.value;
      case 'field':
        return fieldOf(dot, operand.path);
      case 'variable': {
        const variable = this.#variables.findLast(({ name }) => name === operand.name);
        if (!variable) throw new TemplateError(`undefined variable ${operand.name}`);
        return fieldOf(variable.value, operand.path);
      }
      case 'pipe':
        return fieldOf(this.#evaluate(operand.pipe, dot), operand.path);
      case 'function':
        return this.#apply(operand.name, []);
      default:
        return unreachable(operand);
    }
  }
}

/** A label that is missing is the empty string. */
function fieldOf(value: TemplateValue, path: readonly string[]): TemplateValue {
  let current = value;
  for (const name of path) {
    const map = asMap(current);
    if (!map) throw new TemplateError(`can't evaluate field ${name}`);
    current = Object.hasOwn(map, name) ? (map[name] ?? null) : '';
  }
  return current;
}
