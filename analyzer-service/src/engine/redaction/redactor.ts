import { hideEmails, hideIpAddresses } from './addresses.ts';
import { hideCardNumbers } from './card-numbers.ts';
import { type Detector, SECRET_KINDS, type SecretKind } from './detector.ts';
import { hideNamedSecrets } from './named-secrets.ts';
import { hidePrivateKeys } from './private-keys.ts';
import { hideVendorTokens, hideWebTokens } from './vendor-tokens.ts';

const NAMES_MAX = 500;
const PLACEHOLDER = new RegExp(`\\[(?:${SECRET_KINDS.join('|').toUpperCase()})_\\d{1,9}\\]`, 'g');

/** What surrounds others comes first: the password of an address before what looks like a mail address. */
const DETECTORS: readonly Detector[] = [
  hidePrivateKeys,
  hideWebTokens,
  hideVendorTokens,
  hideNamedSecrets,
  hideEmails,
  hideCardNumbers,
  hideIpAddresses,
];

/**
 * Hides secrets of everything that goes into one prompt: the same secret has the same placeholder, such as [IP_2],
 * wherever it stands, and is put back into what the model answers. Lives as long as the prompt and keeps what it hid
 * in memory only. Text that looks like a placeholder already is hidden too, so that no log line can pose as one.
 */
export class Redactor {
  readonly #placeholders = new Map<string, string>();
  readonly #secrets = new Map<string, string>();
  readonly #counts = new Map<SecretKind, number>();
  readonly #names: RegExp | null;

  /** `names` are hidden wherever they stand as whole words; case does not matter. */
  constructor(names: readonly string[] = []) {
    this.#names = namesPattern(names);
  }

  redact(text: string): string {
    let written = text.includes('_')
      ? text.replace(PLACEHOLDER, (forged) => this.#hide('text', forged))
      : text;
    for (const detector of DETECTORS) written = detector(written, this.#hide);
    return this.#names ? written.replace(this.#names, (name) => this.#hide('name', name)) : written;
  }

  /** Puts every secret back; placeholders that were never given stay as they are. */
  restore(text: string): string {
    return text.replace(PLACEHOLDER, (placeholder) => this.#secrets.get(placeholder) ?? placeholder);
  }

  /** The text without placeholders, and whether it named one that was never given. */
  withoutPlaceholders(text: string): { readonly text: string; readonly invented: boolean } {
    let invented = false;
    const bare = text.replace(PLACEHOLDER, (placeholder) => {
      if (!this.#secrets.has(placeholder)) invented = true;
      return ' ';
    });
    return { text: bare, invented };
  }

  /** Distinct secrets that were hidden, by kind; kinds without any are left out. */
  get counts(): Readonly<Partial<Record<SecretKind, number>>> {
    return Object.fromEntries(this.#counts);
  }

  readonly #hide = (kind: SecretKind, secret: string): string => {
    const key = `${kind} ${secret}`;
    const known = this.#placeholders.get(key);
    if (known) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const placeholder = `[${kind.toUpperCase()}_${number}]`;
    this.#placeholders.set(key, placeholder);
    // What was hidden inside of it before is put back with it.
    this.#secrets.set(placeholder, this.restore(secret));
    return placeholder;
  };
}

function namesPattern(names: readonly string[]): RegExp | null {
  const given = names.map((name) => name.trim()).filter((name) => name.length >= 2);
  if (given.length === 0) return null;
  const words = given
    .slice(0, NAMES_MAX)
    .toSorted((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
}
