import type { Finding, FindingKind } from '../../engine/finding.ts';
import type { ReadContext } from './read-context.ts';

const NEW_KINDS: ReadonlySet<FindingKind> = new Set<FindingKind>(['new_template', 'known_pattern']);

/** For findings whose wording is not in the baseline: whether it was seen before that, by the finding's id. */
export function historyOf(
  { history, window }: Pick<ReadContext, 'history' | 'window'>,
  findings: readonly Finding[],
): Promise<ReadonlyMap<string, string>> {
  const unexpected = findings
    .filter(({ kind, baselineCount }) => NEW_KINDS.has(kind) && baselineCount === 0)
    .flatMap(({ id, service, evidence: [line] }) => (line ? [{ key: id, service, line }] : []));
  return history.tell(unexpected, window);
}
