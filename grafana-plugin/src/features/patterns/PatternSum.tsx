import type { AnalyzeAnswer } from '../../../../analyzer-service/src/contract.ts';
import { formatCount } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';

/** The counts of the list and their rest are all lines: the sum is shown, so that anybody can check it. */
export function PatternSum({ answer }: { readonly answer: AnalyzeAnswer }) {
  const listed = answer.lines - answer.patterns_rest;
  return (
    <span data-testid={testIds.patterns.sum}>
      {t(
        'patterns.sum',
        '{{shown}} of {{found}} patterns with {{listed}} lines + {{rest}} lines of the rest = {{lines}} lines',
        {
          shown: formatCount(answer.patterns.length),
          found: formatCount(answer.patterns_found),
          listed: formatCount(listed),
          rest: formatCount(answer.patterns_rest),
          lines: formatCount(answer.lines),
        },
      )}
    </span>
  );
}
