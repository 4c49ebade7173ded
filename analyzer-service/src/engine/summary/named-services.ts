import type { Digest } from './digest.ts';

/** The services of a list that a text names as whole words. */
export function servicesNamed(text: string, services: readonly string[]): readonly string[] {
  const lower = text.toLowerCase();
  return services.filter((service) => service !== '' && holdsWord(lower, service.toLowerCase()));
}

/** Endings and neighbours that make a word the name of a service. */
const NAME_WITH_ENDING =
  /\b[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*[-_](?:service|svc|api|server|worker|gateway|backend|frontend|db|database|proxy|cache|queue|broker|app)\b/gi;
const BEFORE_WORD = /(?:^|[^\w.-])["'`]?([A-Za-z][\w.-]{1,60})["'`]?\s+(?:micro)?service\b/g;
const AFTER_WORD = /\b(?:micro)?service\s+(?:(?:called|named)\s+)?["'`]?([A-Za-z][\w.-]{1,60})/g;
const QUOTED = /[`]([A-Za-z][\w.-]{1,60})[`]/g;

/** Words that stand beside "service" without being its name. */
const ORDINARY = new Set(
  'the a an this that each every any no one other another same single first second last affected failing failed slow new old of in is was are were has had to and or which by for from with at on calls called calling called-by named suspect upstream downstream dependent calling external internal broken silent whose their its our your unknown that-failed depends failed fails began stopped starts started degradation outage mesh level itself unavailable exhaustion becomes goes logs wrote writes log may might could should also due because since when while after before remains shows cannot did does if most likely original web http central shared only'.split(
    ' ',
  ),
);

/**
 * Whether every service that a text names exists. Where a cause is told, it must have written lines or be named by a
 * finding; elsewhere the digest has to mention it.
 */
export function namesServicesThatExist(text: string, digest: Digest, isCause: boolean): boolean {
  const services = digest.services.map((service) => service.toLowerCase());
  const mentioned = isCause ? '' : digest.text.toLowerCase();
  const names = [
    ...matches(text, NAME_WITH_ENDING, 0),
    ...matches(text, BEFORE_WORD, 1),
    ...matches(text, AFTER_WORD, 1),
    ...matches(text, QUOTED, 1),
  ].map((name) => name.toLowerCase().replace(/[.:]+$/, ''));
  return names
    .filter((name) => !ORDINARY.has(name))
    .every((name) => services.some((service) => isNameOf(name, service)) || holdsWord(mentioned, name));
}

/** "payments" and "payments-service" are one name, "ts-payments-service" a longer one of it. */
function isNameOf(name: string, service: string): boolean {
  const core = (word: string) => word.replace(/^ts-/, '').replace(/[-_](?:micro)?(?:service|svc)$/, '');
  return name === service || core(name) === core(service);
}

function matches(text: string, pattern: RegExp, group: number): string[] {
  return [...text.matchAll(pattern)].map((match) => match[group] ?? '').filter(Boolean);
}

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const isWhole = !/[\w-]/.test(text[at - 1] ?? ' ') && !/[\w-]/.test(text[at + word.length] ?? ' ');
    if (isWhole) return true;
  }
  return false;
}
