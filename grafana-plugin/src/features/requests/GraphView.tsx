import { useMemo } from 'react';
import { css } from '@emotion/css';
import { Badge, Button, type Column, InteractiveTable, Stack, Text, useStyles2 } from '@grafana/ui';
import type { GraphAnswer } from '../../../../analyzer-service/src/contract.ts';
import { EmptyState } from '../../shared/EmptyState';
import { ExportMenu } from '../../shared/ExportMenu';
import { PartialNotice } from '../../shared/PartialNotice';
import { formatCount, formatMs, formatShare } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { ServiceGraph } from './ServiceGraph';
import type { GraphEdge } from './graphElements';

const GRAPH_HEIGHT = 420;

interface GraphViewProps {
  readonly answer: GraphAnswer;
  readonly onRequest: (request: { readonly field: string; readonly value: string }) => void;
}

/** The graph, what failed first in it, and every way of calling as a table. */
export function GraphView({ answer, onRequest }: GraphViewProps) {
  const styles = useStyles2(getStyles);
  const columns = useMemo(() => edgeColumns(), []);
  if (answer.services.length === 0) {
    return (
      <EmptyState title={t('requests.none', 'No requests in this window')}>
        {t(
          'requests.noneAdvice',
          'Choose a longer window. Requests are followed by ids that lines carry as structured metadata, for example correlation_id.',
        )}
      </EmptyState>
    );
  }
  return (
    <Stack direction="column" gap={2}>
      <Stack justifyContent="space-between" alignItems="flex-start" gap={1}>
        <Text element="p">{answer.summary}</Text>
        <ExportMenu name="calls" columns={EXPORTED} rows={() => answer.edges.map(exportRow)} />
      </Stack>
      <PartialNotice warnings={answer.warnings} />
      <div className={styles.graph}>
        <ServiceGraph answer={answer} height={GRAPH_HEIGHT} />
      </div>
      {answer.cascades.length > 0 && <Cascades answer={answer} onRequest={onRequest} />}
      {answer.bottlenecks.map(({ service, reason }) => (
        <Stack key={service} gap={1} alignItems="center">
          <Badge color="orange" text={t('requests.bottleneck', 'bottleneck')} />
          <span>{reason}</span>
        </Stack>
      ))}
      <InteractiveTable
        columns={columns}
        data={[...answer.edges]}
        getRowId={({ caller, callee }: GraphEdge) => `${caller}→${callee}`}
        pageSize={25}
      />
      <Text color="secondary">{answer.coverage.note}</Text>
    </Stack>
  );
}

function Cascades({ answer, onRequest }: GraphViewProps) {
  return (
    <section aria-label={t('requests.cascades', 'Where requests broke first')}>
      <Text element="h4">{t('requests.cascades', 'Where requests broke first')}</Text>
      {answer.cascades.map((cascade) => (
        <Stack key={cascade.origin} gap={1} alignItems="center" wrap="wrap">
          <Badge color="red" text={cascade.origin} />
          <span>
            {t('requests.cascade', 'Failed requests that broke here first: {{requests}} ({{share}})', {
              requests: formatCount(cascade.requests),
              share: formatShare(cascade.share_of_failed),
            })}
            {cascade.followers.length > 0 &&
              t('requests.then', ', then {{others}}', {
                others: cascade.followers.map(({ service }) => service).join(', '),
              })}
          </span>
          <Button size="sm" fill="text" onClick={() => onRequest(cascade.example)}>
            {t('requests.example', 'Show one')}
          </Button>
        </Stack>
      ))}
    </section>
  );
}

const EXPORTED = ['caller', 'callee', 'calls', 'failed_share', 'p50_ms', 'p95_ms', 'p99_ms'];

function exportRow({ caller, callee, calls, failed_share, p50_ms, p95_ms, p99_ms }: GraphEdge) {
  return [caller, callee, calls, failed_share, p50_ms, p95_ms, p99_ms];
}

function edgeColumns(): Array<Column<GraphEdge>> {
  return [
    { id: 'caller', header: t('requests.caller', 'Caller'), sortType: 'string' },
    { id: 'callee', header: t('requests.callee', 'Callee'), sortType: 'string' },
    {
      id: 'calls',
      header: t('requests.calls', 'Calls'),
      sortType: 'number',
      cell: ({ row }) => formatCount(row.original.calls),
    },
    {
      id: 'failed_share',
      header: t('requests.failedShare', 'Failed'),
      sortType: 'number',
      cell: ({ row }) => formatShare(row.original.failed_share),
    },
    ...(['p50_ms', 'p95_ms', 'p99_ms'] as const).map((id): Column<GraphEdge> => ({
      id,
      header: id.slice(0, 3),
      sortType: 'number',
      cell: ({ row }) => formatMs(row.original[id]),
    })),
  ];
}

const getStyles = () => ({ graph: css({ height: GRAPH_HEIGHT }) });
