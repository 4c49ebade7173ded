import type { PanelProps } from '@grafana/data';
import { Text } from '@grafana/ui';
import { ServiceGraph } from '../../features/requests/ServiceGraph';
import { EmptyState } from '../../shared/EmptyState';
import { PartialNotice } from '../../shared/PartialNotice';
import { api } from '../../shared/api';
import { t } from '../../shared/t';
import { useAnswer } from '../../shared/useAnswer';
import { PanelFrame } from '../../shared/panels/PanelFrame';
import { filterOf } from '../../shared/panels/panelFilter';
import { usePanelWindow } from '../../shared/panels/usePanelWindow';

export interface GraphOptions {
  readonly services: string;
}

/** Of a panel, for what stands below the graph. */
const BELOW_HEIGHT = 96;
const GRAPH_HEIGHT_MIN = 200;

/** Who calls whom in the dashboard's window, and where requests broke first. */
export function GraphPanel({
  options,
  timeRange,
  width,
  height,
  replaceVariables,
}: PanelProps<GraphOptions>) {
  const { window, times } = usePanelWindow(timeRange);
  const { services } = filterOf({ ...options, severity: [], search: '' }, replaceVariables);
  const question = { ...times, services };
  const asked = useAnswer(JSON.stringify(question), (signal) => api.graph(question, signal));
  return (
    <PanelFrame
      width={width}
      height={height}
      asked={asked}
      failed={t('panels.graph.failed', 'The requests could not be read')}
      page="requests"
      parameters={{ ...window, services }}
    >
      {(answer) =>
        answer.services.length === 0 ? (
          <EmptyState title={t('panels.graph.none', 'No requests in this window')}>
            {t(
              'panels.graph.noneAdvice',
              'Requests are followed by ids that lines carry as structured metadata, for example correlation_id.',
            )}
          </EmptyState>
        ) : (
          <>
            <ServiceGraph answer={answer} height={Math.max(GRAPH_HEIGHT_MIN, height - BELOW_HEIGHT)} />
            <Text element="p">{answer.summary}</Text>
            <PartialNotice warnings={answer.warnings} />
          </>
        )
      }
    </PanelFrame>
  );
}
