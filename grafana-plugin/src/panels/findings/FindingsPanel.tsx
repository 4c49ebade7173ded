import { useState } from 'react';
import type { PanelProps } from '@grafana/data';
import { Text } from '@grafana/ui';
import type { AiLogsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { EmptyState } from '../../shared/EmptyState';
import { PartialNotice } from '../../shared/PartialNotice';
import { SentenceTimes } from '../../shared/SentenceTimes';
import { FindingCard } from '../../shared/findings/FindingCard';
import { api } from '../../shared/api';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import type { RawWindow } from '../../shared/timeWindow';
import { useAnswer } from '../../shared/useAnswer';
import { PanelFrame } from '../../shared/panels/PanelFrame';
import { type PanelFilterOptions, filterOf } from '../../shared/panels/panelFilter';
import { usePanelWindow } from '../../shared/panels/usePanelWindow';

export interface FindingsOptions extends PanelFilterOptions {
  readonly findings: number;
  readonly summary: boolean;
}

/** What broke in the dashboard's window. */
export function FindingsPanel(props: PanelProps<FindingsOptions>) {
  const { options, timeRange, width, height, replaceVariables } = props;
  const { window, times } = usePanelWindow(timeRange);
  const filter = filterOf(options, replaceVariables);
  const question = { ...times, ...filter, mode: 'troubleshoot', limit: options.findings };
  const asked = useAnswer(JSON.stringify(question), (signal) => api.query(question, signal));
  return (
    <PanelFrame
      width={width}
      height={height}
      asked={asked}
      failed={t('panels.findings.failed', 'The findings could not be read')}
      page="troubleshoot"
      parameters={{ ...window, ...filter }}
    >
      {(answer) => <Found answer={answer} window={window} withSummary={options.summary} />}
    </PanelFrame>
  );
}

interface FoundProps {
  readonly answer: AiLogsAnswer;
  readonly window: RawWindow;
  readonly withSummary: boolean;
}

function Found({ answer, window, withSummary }: FoundProps) {
  const [open, setOpen] = useState<readonly string[]>([]);
  const toggle = (id: string) =>
    setOpen((last) => (last.includes(id) ? last.filter((other) => other !== id) : [...last, id]));
  if (answer.counts.total === 0) {
    return (
      <EmptyState title={t('panels.none', 'No lines in this window')}>
        {t('panels.noneAdvice', "Choose a longer time range, or fewer filters in the panel's options.")}
      </EmptyState>
    );
  }
  return (
    <>
      {withSummary && (
        <div data-testid={testIds.troubleshoot.summary}>
          <Text element="p">{answer.summary}</Text>
          <SentenceTimes window={answer.window} />
        </div>
      )}
      <PartialNotice warnings={answer.warnings} />
      {answer.findings.map((finding, index) => (
        <FindingCard
          key={finding.id}
          rank={index + 1}
          finding={finding}
          window={window}
          open={open.includes(finding.id)}
          onToggle={toggle}
        />
      ))}
      {answer.findings_left_out > 0 && (
        <Text color="secondary">
          {t('panels.findings.leftOut', 'Weaker findings left out: {{count}}', {
            count: answer.findings_left_out,
          })}
        </Text>
      )}
      <Text color="secondary" variant="bodySmall">
        {answer.coverage.note}
      </Text>
    </>
  );
}
