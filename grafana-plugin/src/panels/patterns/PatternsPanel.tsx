import type { PanelProps } from '@grafana/data';
import { Text } from '@grafana/ui';
import { PatternSum } from '../../features/patterns/PatternSum';
import { PatternTable } from '../../features/patterns/PatternTable';
import { EmptyState } from '../../shared/EmptyState';
import { PartialNotice } from '../../shared/PartialNotice';
import { api } from '../../shared/api';
import { t } from '../../shared/t';
import { useAnswer } from '../../shared/useAnswer';
import { PanelFrame } from '../../shared/panels/PanelFrame';
import { type PanelFilterOptions, filterOf } from '../../shared/panels/panelFilter';
import { usePanelWindow } from '../../shared/panels/usePanelWindow';

export interface PatternsOptions extends PanelFilterOptions {
  readonly patterns: number;
}

/** What the lines of the dashboard's window say, wording by wording. */
export function PatternsPanel(props: PanelProps<PatternsOptions>) {
  const { options, timeRange, width, height, replaceVariables } = props;
  const { window, times } = usePanelWindow(timeRange);
  const filter = filterOf(options, replaceVariables);
  const question = { ...times, ...filter, limit: options.patterns };
  const asked = useAnswer(JSON.stringify(question), (signal) => api.analyze(question, signal));
  return (
    <PanelFrame
      width={width}
      height={height}
      asked={asked}
      failed={t('panels.patterns.failed', 'The patterns could not be read')}
      page="patterns"
      parameters={{ ...window, ...filter }}
    >
      {(answer) =>
        answer.lines === 0 ? (
          <EmptyState title={t('panels.none', 'No lines in this window')}>
            {t('panels.noneAdvice', "Choose a longer time range, or fewer filters in the panel's options.")}
          </EmptyState>
        ) : (
          <>
            <PatternSum answer={answer} />
            <PartialNotice warnings={answer.warnings} />
            <PatternTable patterns={answer.patterns} window={window} onChange={null} />
            <Text color="secondary" variant="bodySmall">
              {answer.coverage.note}
            </Text>
          </>
        )
      }
    </PanelFrame>
  );
}
