import { badRequest, unreachable } from '../../errors.ts';
import { unquote } from '../../logql/literals.ts';
import { isTemplateFunction } from './functions.ts';
import type { Command, Operand, Pipe, TemplateNode } from './syntax.ts';
import { tokenize, type Token } from './template-tokens.ts';

const DEPTH_MAX = 50;

export function parseTemplate(template: string): readonly TemplateNode[] {
  return new TemplateParser(tokenize(template)).parseAll();
}

/** The label names that a template reads. */
export function templateFields(template: string): string[] {
  return tokenize(template)
    .filter((token) => token.kind === 'field' && token.text !== '.')
    .map((token) => token.text.split('.')[1] ?? '');
}

const refuse = (reason: string): Error =>
  badRequest(`parse error : invalid line template: template: line:1: ${reason}`);

class TemplateParser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parseAll(): TemplateNode[] {
    const { nodes, ending } = this.#parseList();
    if (ending) throw refuse(`unexpected {{${ending}}}`);
    return nodes;
  }

  /** Reads nodes up to `{{end}}` or `{{else`, which is left open for its caller. */
  #parseList(): { nodes: TemplateNode[]; ending: 'end' | 'else' | null } {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw refuse('nested too deeply');
    const nodes: TemplateNode[] = [];
    for (let token = this.#next(); token; token = this.#next()) {
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', text: token.text });
        continue;
      }
      const keyword = this.#peek()?.text;
      if (keyword === 'end' || keyword === 'else') {
        this.#at += 1;
        this.#depth -= 1;
        return { nodes, ending: keyword };
      }
      nodes.push(this.#parseAction());
    }
    this.#depth -= 1;
    return { nodes, ending: null };
  }

  #parseAction(): TemplateNode {
    const word = this.#peek();
    if (word?.kind === 'word' && (word.text === 'if' || word.text === 'with' || word.text === 'range')) {
      this.#at += 1;
      return this.#parseBranch(word.text);
    }
    const pipe = this.#parsePipe();
    this.#expectClose();
    return { kind: 'action', pipe };
  }

  #parseBranch(kind: 'if' | 'with' | 'range'): TemplateNode {
    const pipe = this.#parsePipe();
    this.#expectClose();
    const { nodes: body, ending } = this.#parseList();
    if (ending === 'end') {
      this.#expectClose();
      return { kind, pipe, body, otherwise: [] };
    }
    if (ending !== 'else') throw refuse('unexpected EOF');
    const chained = this.#peek();
    if (chained?.kind === 'word' && (chained.text === 'if' || chained.text === 'with')) {
      this.#at += 1;
      return { kind, pipe, body, otherwise: [this.#parseBranch(chained.text)] };
    }
    this.#expectClose();
    const { nodes: otherwise, ending: last } = this.#parseList();
    if (last !== 'end') throw refuse(last === 'else' ? 'expected end; found {{else}}' : 'unexpected EOF');
    this.#expectClose();
    return { kind, pipe, body, otherwise };
  }

  #parsePipe(): Pipe {
    const variables: string[] = [];
    let ahead = this.#at;
    while (this.#tokens[ahead]?.kind === 'variable') {
      variables.push(this.#tokens[ahead]?.text ?? '');
      ahead += 1;
      if (this.#tokens[ahead]?.text === ',') ahead += 1;
    }
    const sign = this.#tokens[ahead]?.text;
    const isDeclaration = variables.length > 0 && (sign === ':=' || sign === '=');
    if (isDeclaration) this.#at = ahead + 1;
    const commands: Command[] = [this.#parseCommand()];
    while (this.#peek()?.text === '|') {
      this.#at += 1;
      commands.push(this.#parseCommand());
    }
    return { variables: isDeclaration ? variables : [], commands };
  }

  #parseCommand(): Command {
    const operands: Operand[] = [];
    for (let token = this.#peek(); token && !endsCommand(token); token = this.#peek())
      operands.push(this.#parseOperand());
    if (operands.length === 0) throw refuse('missing value for command');
    const [first] = operands;
    if (operands.length > 1 && first?.kind === 'value') throw refuse("can't give argument to non-function");
    return operands;
  }

  #parseOperand(): Operand {
    const token = this.#next() as Token;
    switch (token.kind) {
      case 'string':
        return { kind: 'value', value: unquote(token.text) };
      case 'number':
        return { kind: 'value', value: numberOf(token.text.replaceAll('_', '')) };
      case 'field':
        return { kind: 'field', path: token.text.split('.').filter((part) => part !== '') };
      case 'variable':
        return { kind: 'variable', name: token.text, path: this.#parsePath() };
      case 'word':
        return wordOperand(token.text);
      case 'sign':
      case 'text':
      case 'open':
      case 'close':
        return this.#parseBrackets(token);
      default:
        return unreachable(token.kind);
    }
  }

  #parseBrackets(token: Token): Operand {
    if (token.text !== '(') throw refuse(`unexpected ${JSON.stringify(token.text)} in operand`);
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw refuse('nested too deeply');
    const pipe = this.#parsePipe();
    if (this.#next()?.text !== ')') throw refuse('unclosed left paren');
    this.#depth -= 1;
    return { kind: 'pipe', pipe, path: this.#parsePath() };
  }

  #parsePath(): string[] {
    const token = this.#peek();
    if (token?.kind !== 'field' || token.text === '.') return [];
    this.#at += 1;
    return token.text.split('.').filter((part) => part !== '');
  }

  #expectClose(): void {
    const token = this.#next();
    if (token?.kind !== 'close')
      throw refuse(`unexpected ${JSON.stringify(token?.text ?? 'EOF')} in command`);
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(): Token | undefined {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    return token;
  }
}

const endsCommand = (token: Token): boolean =>
  token.kind === 'close' || token.text === '|' || token.text === ')';

function wordOperand(word: string): Operand {
  if (word === 'true' || word === 'false') return { kind: 'value', value: word === 'true' };
  if (word === 'nil') return { kind: 'value', value: null };
  if (!isTemplateFunction(word)) throw refuse(`function ${JSON.stringify(word)} not defined`);
  return { kind: 'function', name: word };
}

const numberOf = (text: string): bigint | number => (/^[+-]?\d+$/.test(text) ? BigInt(text) : Number(text));
