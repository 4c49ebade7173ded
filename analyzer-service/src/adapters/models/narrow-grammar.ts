const NUMBER = '("0" | [1-9] [0-9]{0,15})';
const EXPONENT = `([eE] [-+]? ${NUMBER})?`;

/**
 * The grammar that node-llama-cpp makes of a JSON Schema, without what JSON has and JavaScript does not read as the
 * same: whole numbers of more than 15 digits or with an exponent, numbers beyond 1e308, and characters that take two
 * places in a string, so that a length counts the same for everybody.
 */
export function narrowGrammar(grammar: string): string {
  return grammar
    .split('\n')
    .map((rule) => {
      if (rule.startsWith('integer-number-rule '))
        return rule.replace(EXPONENT, '').replace('[0-9]{0,15}', '[0-9]{0,14}');
      if (rule.startsWith('fractional-number-rule '))
        return rule.replace(EXPONENT, '([eE] [-+]? [0-9]{1,2})?');
      if (rule.startsWith('string-char-rule '))
        return rule.replace(String.raw`\x00-\x1F]`, String.raw`\x00-\x1F\uD800-\uDFFF\U00010000-\U001FFFFF]`);
      return rule;
    })
    .join('\n');
}
