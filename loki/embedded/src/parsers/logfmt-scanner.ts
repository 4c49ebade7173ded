/** A mistake in a logfmt line: where it was found, one-based. */
export type LogfmtMistake = { readonly position: number; readonly reason: string };

/** False stops the scan. */
type Visitor = (key: string, value: string) => boolean;

/**
 * Visits the pairs of a logfmt line. After a mistake the rest up to the next space is skipped; in strict
 * mode the scan ends there. Answers the last mistake, if any.
 */
export function scanLogfmt(line: string, strict: boolean, visit: Visitor): LogfmtMistake | null {
  const scanner = new LogfmtScanner(line);
  while (scanner.at < line.length) {
    if (scanner.scanPair()) {
      if (!visit(scanner.key, scanner.value)) return null;
    } else if (strict) break;
  }
  return scanner.mistake;
}

class LogfmtScanner {
  at = 0;
  key = '';
  value = '';
  mistake: LogfmtMistake | null = null;
  readonly #line: string;

  constructor(line: string) {
    this.#line = line;
  }

  scanPair(): boolean {
    const line = this.#line;
    this.key = '';
    this.value = '';
    while (this.at < line.length && line.charCodeAt(this.at) <= 32) this.at += 1;
    if (this.at >= line.length) return false;
    const start = this.at;
    while (this.at < line.length && !endsKey(line.charCodeAt(this.at))) this.at += 1;
    this.key = line.slice(start, this.at);
    const code = line.charCodeAt(this.at);
    if (code === 34 || (code === 61 && this.key === '')) return this.#fail(`unexpected '${line[this.at]}'`);
    if (this.key.includes('\ufffd')) return this.#fail('invalid key');
    if (code !== 61) return true;
    this.at += 1;
    const next = line.charCodeAt(this.at);
    if (this.at >= line.length || next <= 32) return true;
    return next === 34 ? this.#scanQuoted() : this.#scanPlain();
  }

  #scanPlain(): boolean {
    const line = this.#line;
    const start = this.at;
    for (; this.at < line.length; this.at += 1) {
      const code = line.charCodeAt(this.at);
      if (code === 61 || code === 34) return this.#fail(`unexpected '${line[this.at]}'`);
      if (code <= 32) break;
    }
    this.value = line.slice(start, this.at);
    return true;
  }

  #scanQuoted(): boolean {
    const line = this.#line;
    const start = this.at;
    let hasEscape = false;
    for (let end = start + 1; end < line.length; end += 1) {
      const code = line.charCodeAt(end);
      if (code === 92) {
        hasEscape = true;
        end += 1;
      } else if (code === 34) {
        this.at = end + 1;
        const value = hasEscape ? unquoteLogfmt(line.slice(start, end + 1)) : line.slice(start + 1, end);
        if (value === null) return this.#refuse('invalid quoted value');
        this.value = value;
        return true;
      }
    }
    this.at = line.length;
    return this.#refuse('unterminated quoted value');
  }

  #fail(reason: string): false {
    this.#refuse(reason);
    while (this.at < this.#line.length && this.#line.charCodeAt(this.at) > 32) this.at += 1;
    return false;
  }

  #refuse(reason: string): false {
    this.mistake = { position: this.at + 1, reason };
    return false;
  }
}

const endsKey = (code: number): boolean => code === 61 || code === 34 || code <= 32;

function unquoteLogfmt(quoted: string): string | null {
  try {
    return JSON.parse(quoted.replaceAll("\\'", "'").replaceAll(/[\u0000-\u001f]/g, ' ')) as string;
  } catch {
    return null;
  }
}
