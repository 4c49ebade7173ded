/**
 * The other service that a failure's text speaks of as its callee: "call to payments timed out", upstream="payments",
 * "no instances available for payments", http://payments:8080. Null when none is named, or the service itself.
 */
export function namedCallee(text: string, own: string, services: readonly string[]): string | null {
  const read = text.slice(0, TEXT_MAX).toLowerCase();
  for (const service of services) {
    if (service === own || service.length < NAME_LENGTH_MIN) continue;
    const name = service.toLowerCase();
    for (let at = read.indexOf(name); at >= 0; at = read.indexOf(name, at + 1)) {
      const before = read.slice(Math.max(0, at - NEIGHBOUR_LENGTH), at);
      const after = read.slice(at + name.length, at + name.length + NEIGHBOUR_LENGTH);
      if (PART_OF_WORD_BEFORE.test(before) || PART_OF_WORD_AFTER.test(after)) continue;
      if (CALLS.test(before) || FAILS.test(after)) return service;
    }
  }
  return null;
}

const TEXT_MAX = 2000;
const NAME_LENGTH_MIN = 3;
const NEIGHBOUR_LENGTH = 24;
const PART_OF_WORD_BEFORE = /[\w-]$/;
const PART_OF_WORD_AFTER = /^[\w-]/;
const CALLS =
  /(?:\b(?:to|from|for|upstream|service|host|peer|target|dependency|calling|call|by)["'\s:=]{1,4}|:\/\/)$/;
const FAILS =
  /^["']?(?: (?:answered|timed out|refused|unavailable|returned|failed|is down|unreachable|did not)|:\d)/;
