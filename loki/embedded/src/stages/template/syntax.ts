/** The syntax tree of a template in the language of Go's text/template. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe }
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly pipe: Pipe;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    };

/** Commands joined by `|`, whose value goes to the named variables, if any. */
export type Pipe = { readonly variables: readonly string[]; readonly commands: readonly Command[] };

/** A function with its arguments, or a single value. */
export type Command = readonly Operand[];

export type Operand =
  | { readonly kind: 'value'; readonly value: string | bigint | number | boolean | null }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'pipe'; readonly pipe: Pipe; readonly path: readonly string[] };
