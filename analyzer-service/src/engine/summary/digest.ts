import { estimateTokens } from './estimate-tokens.ts';
import type { FindingFacts, ServiceFacts, SummaryFacts } from './facts.ts';
import { addressesModel } from './hostile-text.ts';

/** What a statement may cite. */
export interface DigestPiece {
  /** F1 a finding, F1.2 its second line, S1 a suspect, C1 the counts of a service, C0 those of all. */
  readonly id: string;
  readonly text: string;
  /** Services that the piece is about. */
  readonly services: readonly string[];
  /** Of findings and their lines. */
  readonly findingId: string | null;
  /** Words of our own, without any text of a log. */
  readonly trusted: string;
}

/** What a model gets to see, a few thousand tokens of it, however many lines the window has. */
export interface Digest {
  readonly text: string;
  readonly tokens: number;
  readonly pieces: ReadonlyMap<string, DigestPiece>;
  /** Every service that wrote or is named by a finding. */
  readonly services: readonly string[];
  readonly suspects: readonly string[];
  /** Something is at least of high severity. */
  readonly isGrave: boolean;
  /** Pieces that did not fit into the budget. */
  readonly leftOut: number;
  /** Texts that speak to a model, and were left out. */
  readonly hostile: number;
}

const FINDINGS_MAX = 40;
const LINES_OF_FINDING = 2;
const SUSPECTS_MAX = 5;
const SERVICES_MAX = 30;
const TEXT_CHARACTERS_MAX = 400;
const HOSTILE = '(left out: this text speaks to a model)';

/** Writes the digest within `tokensMax`, most important pieces first. `redact` is applied to everything in it. */
export function writeDigest(
  facts: SummaryFacts,
  { tokensMax, redact }: { readonly tokensMax: number; readonly redact: (text: string) => string },
): Digest {
  let hostile = 0;
  const clean = (text: string): string => {
    if (addressesModel(text)) {
      hostile++;
      return HOSTILE;
    }
    return oneLine(redact(text));
  };
  const offered = piecesOf(facts, clean);
  const kept = new Set<DigestPiece>();
  let tokens = 0;
  for (const piece of byImportance(offered)) {
    const cost = estimateTokens(`${piece.text}\n`);
    // A line of a finding that is not there proves nothing.
    const isOrphan = piece.id.includes('.') && ![...kept].some(({ id }) => id === piece.id.split('.')[0]);
    if (isOrphan || tokens + cost > tokensMax) continue;
    tokens += cost;
    kept.add(piece);
  }
  const pieces = offered.filter((piece) => kept.has(piece));
  return {
    text: pieces.map(({ text }) => text).join('\n'),
    tokens,
    pieces: new Map(pieces.map((piece) => [piece.id, piece])),
    services: [...new Set(servicesOf(facts).map(clean))].filter(Boolean),
    suspects: facts.suspects.map(({ service }) => clean(service)),
    isGrave: facts.findings.some(({ severity }) => severity === 'high' || severity === 'critical'),
    leftOut: offered.length - pieces.length + Math.max(0, facts.findings.length - FINDINGS_MAX),
    hostile,
  };
}

type Clean = (text: string) => string;

/** All pieces in the order in which they are read. */
function piecesOf(facts: SummaryFacts, clean: Clean): readonly DigestPiece[] {
  const suspects = facts.suspects.slice(0, SUSPECTS_MAX).map(({ service, score, reasons }, index) => {
    const trusted = `${clean(service)}: ${reasons.slice(0, 3).map(clean).join('; ')}`;
    return piece(
      `S${index + 1}`,
      `suspect, score ${score.toFixed(2)}, ${trusted}`,
      [clean(service)],
      null,
      trusted,
    );
  });
  const findings = facts.findings
    .slice(0, FINDINGS_MAX)
    .flatMap((finding, index) => findingPieces(finding, `F${index + 1}`, clean));
  const counted = facts.services.slice(0, SERVICES_MAX).map((service, index) => {
    const text = countText(service, clean(service.service), facts.baseline !== null);
    return piece(`C${index + 1}`, text, [clean(service.service)], null, text);
  });
  return [overview(facts), ...suspects, ...findings, ...counted];
}

function overview({ window, baseline, services, notes }: SummaryFacts): DigestPiece {
  const total = (pick: (service: ServiceFacts) => number) =>
    services.reduce((sum, one) => sum + pick(one), 0);
  const text = [
    window ? `window ${window.start} to ${window.end}` : 'no line carries a time',
    baseline ? `compared with ${baseline.start} to ${baseline.end}` : 'compared with nothing',
    `${total(({ lines }) => lines)} lines, ${total(({ errors }) => errors)} of them errors`,
    ...(baseline
      ? [`before: ${total((one) => one.baselineLines)} lines, ${total((one) => one.baselineErrors)} errors`]
      : []),
    ...notes.slice(0, 3).map(oneLine),
  ].join('; ');
  return piece('C0', text, [], null, text);
}

function findingPieces(finding: FindingFacts, id: string, clean: Clean): readonly DigestPiece[] {
  const { kind, severity, since, count, baselineCount, meaning, causes, nextSteps } = finding;
  const services = [finding.service, ...finding.affected].map(clean).filter(Boolean);
  const known = [
    ...(meaning ? [`means: ${oneLine(meaning)}`] : []),
    ...(causes.length > 0 ? [`causes: ${causes.slice(0, 3).map(oneLine).join(' | ')}`] : []),
    ...(nextSteps.length > 0 ? [`next: ${nextSteps.slice(0, 3).map(oneLine).join(' | ')}`] : []),
  ].join(' ');
  const figures = `${severity} ${kind} in ${services[0] ?? 'the log'}${since ? ` since ${since}` : ''}, ${Math.round(count)} now, ${Math.round(baselineCount)} before`;
  const affected = services.length > 1 ? ` affects ${services.slice(1, 8).join(', ')}` : '';
  const head = `${figures}${affected}: ${clean(finding.title)} ${known}`.trim();
  const lines = finding.evidence.slice(0, LINES_OF_FINDING).map(({ time, service, line }, index) => {
    const text = `line ${time} ${clean(service)} ${JSON.stringify(clean(line))}`;
    return piece(`${id}.${index + 1}`, text, [clean(service)].filter(Boolean), finding.id, '');
  });
  return [piece(id, head, services, finding.id, `${figures}${affected} ${known}`), ...lines];
}

function countText(counts: ServiceFacts, service: string, hasBaseline: boolean): string {
  const { lines, errors, baselineLines, baselineErrors } = counts;
  const before = hasBaseline ? `; before ${baselineLines} lines, ${baselineErrors} errors` : '';
  return `counts of ${service || 'the log'}: ${lines} lines, ${errors} errors${before}`;
}

function piece(
  id: string,
  text: string,
  services: readonly string[],
  findingId: string | null,
  trusted: string,
): DigestPiece {
  return { id, text: `${id} ${text}`, services, findingId, trusted };
}

/** Suspects and the strongest findings, a line for each of these, counts, then the rest. */
function byImportance(pieces: readonly DigestPiece[]): readonly DigestPiece[] {
  const rank = ({ id }: DigestPiece): number => {
    const [, letter, number = '0', line] = /^([A-Z])(\d+)(?:\.(\d+))?$/.exec(id) ?? [];
    const index = Number(number);
    if (id === 'C0') return 0;
    if (letter === 'S') return index;
    if (letter === 'C') return index <= 8 ? 200 + index : 900 + index;
    if (line === '1' && index <= 3) return 21 + 2 * index;
    if (line) return (line === '1' && index <= 8 ? 100 : 600) + index;
    if (index <= 3) return 20 + 2 * index;
    return (index <= 10 ? 40 : 400) + index;
  };
  return pieces.toSorted((a, b) => rank(a) - rank(b));
}

function servicesOf({ findings, suspects, services }: SummaryFacts): readonly string[] {
  return [
    ...services.map(({ service }) => service),
    ...suspects.map(({ service }) => service),
    ...findings.flatMap(({ service, affected }) => [service, ...affected]),
  ];
}

/** One line without control characters, and without what marks the ends of the data in the prompt. */
function oneLine(text: string): string {
  const line = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .replaceAll(/<<<|>>>/g, '…')
    .trim();
  return line.length > TEXT_CHARACTERS_MAX ? `${line.slice(0, TEXT_CHARACTERS_MAX - 1)}…` : line;
}
