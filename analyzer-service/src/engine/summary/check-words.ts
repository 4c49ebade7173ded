import type { Digest, DigestPiece } from './digest.ts';
import { addressesModel } from './hostile-text.ts';
import { namesServicesThatExist, servicesNamed } from './named-services.ts';
import type { ReadWords } from './read-words.ts';
import {
  CITATIONS_MAX,
  type DropReason,
  bySection,
  type Section,
  type Statement,
  type Words,
} from './words.ts';

export interface CheckedWords {
  readonly words: Words;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly kept: number;
}

/** Tells placeholders of hidden values from words and numbers. */
export type WithoutPlaceholders = (text: string) => { readonly text: string; readonly invented: boolean };

/**
 * Leaves only statements that the digest bears out: they cite pieces that exist and have to do with them, name no
 * service and no number of their own, give no orders, and do not say that all is well when it is not.
 */
export function checkWords(
  { sections, malformed }: ReadWords,
  digest: Digest,
  withoutPlaceholders: WithoutPlaceholders,
): CheckedWords {
  const dropped: Partial<Record<DropReason, number>> = malformed > 0 ? { malformed } : {};
  const numbers = numbersToldBy(digest);
  let kept = 0;
  const words = bySection((section) =>
    sections[section].flatMap((statement) => {
      const evidence = [...new Set(statement.evidence)]
        .filter((id) => digest.pieces.has(id))
        .slice(0, CITATIONS_MAX);
      const bare = withoutPlaceholders(statement.text);
      const reason = bare.invented
        ? 'unsupported'
        : reasonToDrop(section, { text: bare.text, evidence }, digest, numbers);
      if (reason) {
        dropped[reason] = (dropped[reason] ?? 0) + 1;
        return [];
      }
      kept++;
      return [{ text: statement.text, evidence }];
    }),
  );
  return { words, dropped, kept };
}

const COMMAND =
  /\b(?:curl|wget|sudo|chmod|chown|bash|powershell|eval|nc|scp)\s+\S|\brm\s+-|\b(?:drop|truncate)\s+(?:table|database)\b|\bdelete\s+from\b|\bkubectl\s+delete\b|\|\s*(?:sh|bash)\b|\$\(|&&|https?:\/\/|www\.|<\/?[a-z!]|\]\(|!\[/i;
const ALL_WELL =
  /\b(?:everything|all|system|systems|services?|nothing)\s+(?:is|are|looks?|seems?|works?|was)\s+(?:fine|well|ok|okay|healthy|normal|wrong|good|broken|as expected)\b|\bno\s+(?:problems?|issues?|incidents?|actions?|errors?)\s+(?:was|were|is|are|needed|found|exists?|required|occurred)\b|\bfalse alarm\b|\b(?:can|may|should)\s+(?:safely\s+)?be\s+ignored\b|\bsafe to ignore\b|\bresolved itself\b/i;

function reasonToDrop(
  section: Section,
  statement: Statement,
  digest: Digest,
  numbers: ReadonlySet<string>,
): DropReason | null {
  const cited = statement.evidence.flatMap((id) => digest.pieces.get(id) ?? []);
  const { text } = statement;
  if (cited.length === 0) return 'no_evidence';
  if (addressesModel(text)) return 'unsafe';
  const command = COMMAND.exec(text)?.[0];
  if (command && !cited.some(({ trusted }) => trusted.toLowerCase().includes(command.toLowerCase())))
    return 'unsafe';
  if (digest.isGrave && ALL_WELL.test(text)) return 'contradiction';
  if ([...numbersIn(withoutIds(text, digest))].some((number) => !numbers.has(number)))
    return 'unknown_number';
  if (!namesServicesThatExist(text, digest, section === 'probable_cause')) return 'unknown_service';
  return isBorneOut(section, text, cited, digest) ? null : 'unsupported';
}

/**
 * A statement has to do with what it cites: it names a service of it, or shares words with it. A cause names no other
 * service than the evidence does, and at least one that is suspect.
 */
function isBorneOut(section: Section, text: string, cited: readonly DigestPiece[], digest: Digest): boolean {
  const named = servicesNamed(text, digest.services);
  // What a line or a template says of itself proves nothing: whoever writes to the log would choose what is told.
  const trusted = cited.map((piece) => `${piece.trusted} ${piece.services.join(' ')}`).join('\n');
  const proven = new Set(servicesNamed(trusted, digest.services));
  if (section === 'probable_cause' && named.length > 0) {
    if (named.some((service) => !proven.has(service))) return false;
    if (digest.suspects.length > 0 && !named.some((service) => digest.suspects.includes(service)))
      return false;
  }
  if (named.length > 0) return named.some((service) => proven.has(service));
  const wholePieces = () => cited.flatMap(({ id, text }) => (id.includes('.') ? [] : text)).join('\n');
  const stems = stemsOf(digest.services.length > 0 ? trusted : wholePieces());
  return [...stemsOf(text)].filter((stem) => stems.has(stem)).length >= 2;
}

const STOP_WORDS = new Set(
  'that this with from have been were they their there which what when where will would should could cause probable likely since before after most more than into only also some does about because services service errors error lines line window baseline system root check look issue problem'.split(
    ' ',
  ),
);

/** Beginnings of the words that say something, so that "exhausted" and "exhaustion" are one. */
function stemsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return new Set(words.filter((word) => !STOP_WORDS.has(word)).map((word) => word.slice(0, 5)));
}

/** Numbers in one spelling: 1,234 and 1234 are the same, so are 09:30 and 9:30. */
function numbersIn(text: string): ReadonlySet<string> {
  const found = text.match(/\d+(?:[.,:]\d+)*/g) ?? [];
  return new Set(
    found.map((number) => {
      const isGrouped = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(number);
      return (isGrouped ? number.replaceAll(',', '') : number).replace(/^0+(?=\d)/, '');
    }),
  );
}

/** What a statement may say of the numbers of the digest: of a time also its hour, minute and second alone. */
function numbersToldBy(digest: Digest): ReadonlySet<string> {
  const numbers = numbersIn(digest.text);
  const ofTimes = [...numbers].flatMap((number) => {
    const [hour, minute, second] = number.split(':');
    if (!minute) return [];
    const whole = second?.split('.')[0];
    return [`${hour}:${minute}`, ...(whole ? [`${hour}:${minute}:${whole}`] : [])];
  });
  return new Set([...numbers, ...ofTimes]);
}

/** Models like to repeat the ids in the text; digits in the name of a service are no figure. */
function withoutIds(text: string, digest: Digest): string {
  const bare = text.replaceAll(/\b[FSC]\d{1,3}(?:\.\d{1,2})?\b/g, (id) => (digest.pieces.has(id) ? ' ' : id));
  return digest.services.reduce(
    (rest, service) => (/\d/.test(service) ? rest.replaceAll(service, ' ') : rest),
    bare,
  );
}
