import type { Finding } from '../../engine/finding.ts';
import { isErrorLevel } from '../../engine/log-line.ts';
import { type LabelNames, levelFilter, quote, selector } from '../../engine/logql/selector.ts';

const CHUNKS_MAX = 3;

type Provable = Pick<Finding, 'service' | 'template' | 'evidence'>;

/** LogQL that shows a finding's lines: those of its services, narrowed by what all of its evidence has in common. */
export function evidenceQuery(finding: Provable, labels: LabelNames): string {
  const { service, evidence } = finding;
  const services = [...new Set([service, ...evidence.map((line) => line.service)])].filter(Boolean);
  const errorsOnly = evidence.length > 0 && evidence.every(({ level }) => isErrorLevel(level));
  return [
    selector({ services, ids: {} }, labels),
    ...constantChunks(finding).map((chunk) => `|= ${quote(chunk)}`),
    ...(errorsOnly ? [levelFilter(['error', 'fatal'], labels)] : []),
  ].join(' ');
}

/**
 * The longest pieces of the template that stand unchanged in each of its lines. A piece ends at a wildcard, and at
 * characters that JSON escapes: the template may be that of a JSON line's message. Checked against the evidence.
 */
function constantChunks({ template, evidence }: Provable): string[] {
  const pieces = (template?.text ?? '').split(/<[^<>\s]*>|["\\\n\t]+/).map((piece) => piece.trim());
  return pieces
    .filter((piece) => piece.length >= 3 && evidence.every(({ text }) => text.includes(piece)))
    .sort((a, b) => b.length - a.length)
    .slice(0, CHUNKS_MAX);
}
