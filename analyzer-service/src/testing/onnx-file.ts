// Writes ONNX files: protocol buffers with the field numbers of onnx.proto (https://onnx.ai/onnx/intro/concepts.html).

type Field = readonly [number: number, value: number | string | Buffer];

const FLOAT = 1;
const INT64 = 7;
const OPSET = 17;

export function model(graph: {
  readonly nodes: readonly Buffer[];
  readonly constants: readonly Buffer[];
  readonly inputs: Readonly<Record<string, Buffer>>;
  readonly outputs: Readonly<Record<string, Buffer>>;
}): Buffer {
  const value = ([name, type]: readonly [string, Buffer]) => message([1, name], [2, type]);
  const body = message(
    ...graph.nodes.map((one): Field => [1, one]),
    [2, 'tiny'],
    ...graph.constants.map((one): Field => [5, one]),
    ...Object.entries(graph.inputs).map((one): Field => [11, value(one)]),
    ...Object.entries(graph.outputs).map((one): Field => [12, value(one)]),
  );
  return message([1, 8], [7, body], [8, message([1, ''], [2, OPSET])]);
}

export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  ...attributes: readonly Buffer[]
): Buffer {
  return message(
    ...inputs.map((name): Field => [1, name]),
    ...outputs.map((name): Field => [2, name]),
    [4, operator],
    ...attributes.map((one): Field => [5, one]),
  );
}

export function attribute(name: string, value: number | readonly number[]): Buffer {
  if (typeof value === 'number') return message([1, name], [3, value], [20, 2]);
  return message([1, name], ...value.map((one): Field => [8, one]), [20, 7]);
}

/** A shape is of numbers and of names for what differs from call to call. */
export function tensorType(shape: readonly (number | string)[], of: 'float' | 'whole' = 'float'): Buffer {
  const dimensions = shape.map((size): Field => [
    1,
    message(typeof size === 'number' ? [1, size] : [2, size]),
  ]);
  return message([1, message([1, of === 'float' ? FLOAT : INT64], [2, message(...dimensions)])]);
}

export function floats(name: string, shape: readonly number[], valueAt: (index: number) => number): Buffer {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length }, (_, index) => valueAt(index));
  return constant(name, shape, FLOAT, Buffer.from(values.buffer));
}

export function wholes(name: string, values: readonly number[]): Buffer {
  return constant(name, [values.length], INT64, Buffer.from(BigInt64Array.from(values.map(BigInt)).buffer));
}

function constant(name: string, shape: readonly number[], type: number, data: Buffer): Buffer {
  return message(...shape.map((size): Field => [1, size]), [2, type], [8, name], [9, data]);
}

function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(number << 3), varint(value)];
      const bytes = Buffer.from(value);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
