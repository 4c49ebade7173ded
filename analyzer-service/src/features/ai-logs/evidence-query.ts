import type { Finding } from '../../engine/finding.ts';
import { type LabelNames, levelFilter, quote, selector } from './selector.ts';

const CHUNKS_MAX = 3;

/** LogQL that shows a finding's lines: the service's, and the template's constant words as line filters. */
export function evidenceQuery(finding: Finding, labels: LabelNames): string {
  const services = finding.kind === 'cascade' ? [finding.service, ...finding.affected] : [finding.service];
  const query = selector({ services: services.filter(Boolean), ids: {} }, labels);
  const lineFilters = constantChunks(finding).map((chunk) => `|= ${quote(chunk)}`);
  const errorsOnly = finding.kind === 'error_rate' || finding.kind === 'cascade';
  return [query, ...lineFilters, ...(errorsOnly ? [levelFilter(['error', 'fatal'], labels)] : [])].join(' ');
}

/**
 * The longest pieces of the template that stand unchanged in each of its lines. A piece ends at a wildcard, and at
 * characters that JSON escapes: the template may be that of a JSON line's message. Checked against the evidence.
 */
function constantChunks({ template, evidence }: Finding): string[] {
  const pieces = (template?.text ?? '').split(/<[^<>\s]*>|["\\\n\t]+/).map((piece) => piece.trim());
  return pieces
    .filter((piece) => piece.length >= 3 && evidence.every(({ text }) => text.includes(piece)))
    .sort((a, b) => b.length - a.length)
    .slice(0, CHUNKS_MAX);
}
