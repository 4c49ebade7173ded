import type { InvestigationResult } from '../investigation/investigation.ts';

/**
 * Leaves out that a component fell silent: a logger that has nothing to say says nothing, other than a service that
 * stops logging. Suspects that nothing else speaks against go with it.
 */
export function withoutSilentComponents(
  result: InvestigationResult,
  components: ReadonlySet<string>,
): InvestigationResult {
  const dropped = new Set(
    result.findings
      .filter(({ kind, service }) => kind === 'silence' && components.has(service))
      .map(({ id }) => id),
  );
  return {
    ...result,
    findings: result.findings.filter(({ id }) => !dropped.has(id)),
    suspects: result.suspects
      .map((suspect) => ({ ...suspect, findingIds: suspect.findingIds.filter((id) => !dropped.has(id)) }))
      .filter(({ findingIds }) => findingIds.length > 0),
  };
}
