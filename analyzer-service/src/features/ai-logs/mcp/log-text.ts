// Whoever can write a log line can write anything: what comes from logs is shown to a model as data that cannot end its
// own quotation, begin a line of the answer, or hide.

const CHARACTERS_MAX = 300;
/** Names that cannot be mistaken for anything else. */
const PLAIN_NAME = /^[\w.:/@-]{1,100}$/;

/** Log text in double quotes on one line; quotes in it are escaped, characters that cannot be seen are left out. */
export function quoteLog(text: string, charactersMax: number = CHARACTERS_MAX): string {
  return JSON.stringify(visible(text, charactersMax));
}

/** A service, field or id as it is where it is plain, otherwise quoted. */
export function nameOf(name: string): string {
  return PLAIN_NAME.test(name) ? name : quoteLog(name, 100);
}

/** A sentence that repeats words of logs, such as the title of a finding: one line that cannot close the block. */
export function sentence(text: string, charactersMax: number = CHARACTERS_MAX): string {
  return visible(text, charactersMax);
}

function visible(text: string, charactersMax: number): string {
  const line = text
    .slice(0, charactersMax * 4)
    .toWellFormed()
    .replaceAll(/[\p{Z}\p{Cc}]+/gu, ' ')
    .replaceAll(/\p{C}/gu, '')
    .replaceAll(/<(?=\/?logs\b)/gi, '‹')
    .trim();
  return line.length > charactersMax || text.length > charactersMax * 4
    ? `${line.slice(0, charactersMax - 1).toWellFormed()}…`
    : line;
}
