import { badRequest } from '../../errors.ts';

export type Token = {
  readonly kind: 'text' | 'open' | 'close' | 'word' | 'string' | 'number' | 'field' | 'variable' | 'sign';
  readonly text: string;
};

const ACTION_TOKEN =
  /\s*(?:("(?:[^"\\\n]|\\.)*"|`[^`]*`)|('(?:[^'\\]|\\.)+')|([+-]?(?:0[xX][0-9a-fA-F_]+|\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?|\.\d+))|((?:\.[A-Za-z_]\w*)+|\.(?![\w]))|(\$\w*)|([A-Za-z_]\w*)|(:=|[()|,=]))/y;

/** Splits a template into text and the tokens of its actions; `open` and `close` stand around an action. */
export function tokenize(template: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimNext = false;
  for (;;) {
    const open = template.indexOf('{{', at);
    const textEnd = open < 0 ? template.length : open;
    let text = template.slice(at, textEnd);
    if (trimNext) text = text.trimStart();
    const trimsBefore = open >= 0 && /^\{\{-\s/.test(template.slice(open, open + 4));
    if (trimsBefore) text = text.trimEnd();
    if (text !== '') tokens.push({ kind: 'text', text });
    if (open < 0) return tokens;
    const from = open + (trimsBefore ? 3 : 2);
    const comment = /^\s*\/\*[^]*?\*\/\s*(-?)\}\}/.exec(template.slice(from));
    if (comment) {
      at = from + comment[0].length;
      trimNext = comment[1] === '-';
      continue;
    }
    const end = readAction(template, from, tokens);
    trimNext = template[end] === '-';
    at = end + (trimNext ? 3 : 2);
  }
}

/** Reads the tokens up to `}}` or ` -}}` and answers where that is. */
function readAction(template: string, from: number, tokens: Token[]): number {
  tokens.push({ kind: 'open', text: '{{' });
  let at = from;
  for (;;) {
    const rest = /\s*/y;
    rest.lastIndex = at;
    rest.exec(template);
    const next = rest.lastIndex;
    if (template.startsWith('}}', next) || (next > at && template.startsWith('-}}', next))) {
      tokens.push({ kind: 'close', text: '}}' });
      return next;
    }
    if (next >= template.length)
      throw badRequest('parse error : invalid line template: template: line:1: unclosed action');
    ACTION_TOKEN.lastIndex = at;
    const match = ACTION_TOKEN.exec(template);
    if (!match)
      throw badRequest(
        `parse error : invalid line template: template: line:1: unexpected ${JSON.stringify(template.slice(next, next + 10))} in command`,
      );
    tokens.push(tokenOf(match));
    at = ACTION_TOKEN.lastIndex;
  }
}

function tokenOf([, string, character, number, field, variable, word, sign]: RegExpExecArray): Token {
  if (string !== undefined) return { kind: 'string', text: string };
  if (character !== undefined) return { kind: 'number', text: String(character.codePointAt(1)) };
  if (number !== undefined) return { kind: 'number', text: number };
  if (field !== undefined) return { kind: 'field', text: field };
  if (variable !== undefined) return { kind: 'variable', text: variable };
  if (word !== undefined) return { kind: 'word', text: word };
  return { kind: 'sign', text: sign ?? '' };
}
