import { useMemo } from 'react';
import { type Column, InteractiveTable, Stack, Text } from '@grafana/ui';
import type { WorkspaceAnswer } from '../../../../analyzer-service/src/contract.ts';
import { PartialNotice } from '../../shared/PartialNotice';
import { formatCount, formatMs } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';

type Usage = WorkspaceAnswer['totals'];
type ModelUsage = WorkspaceAnswer['by_model'][number];
type DayUsage = WorkspaceAnswer['by_day'][number];

/** What a workspace used of models, by model and by day. */
export function WorkspaceView({ answer }: { readonly answer: WorkspaceAnswer }) {
  const byModel = useMemo(() => modelColumns(answer.currency), [answer.currency]);
  const byDay = useMemo(() => dayColumns(answer.currency), [answer.currency]);
  return (
    <Stack direction="column" gap={2} data-testid={testIds.conversations.workspace}>
      <Text element="p">{answer.summary}</Text>
      <PartialNotice warnings={answer.warnings} />
      <Text element="h4">{t('conversations.byModel', 'By model')}</Text>
      <InteractiveTable
        columns={byModel}
        data={[...answer.by_model]}
        getRowId={({ model }: ModelUsage) => model}
      />
      <Text element="h4">{t('conversations.byDay', 'By day (UTC)')}</Text>
      <InteractiveTable columns={byDay} data={[...answer.by_day]} getRowId={({ day }: DayUsage) => day} />
    </Stack>
  );
}

function modelColumns(currency: string | null): Array<Column<ModelUsage>> {
  return [
    { id: 'model', header: t('conversations.model', 'Model') },
    ...usageColumns<ModelUsage>(currency),
    {
      id: 'latency',
      header: t('conversations.latencyQuantiles', 'Latency p50 / p95'),
      cell: ({ row }) => {
        const { p50_ms, p95_ms } = row.original.latency;
        return p50_ms === null || p95_ms === null ? '–' : `${formatMs(p50_ms)} / ${formatMs(p95_ms)}`;
      },
    },
  ];
}

function dayColumns(currency: string | null): Array<Column<DayUsage>> {
  return [{ id: 'day', header: t('conversations.day', 'Day') }, ...usageColumns<DayUsage>(currency)];
}

function usageColumns<Row extends Usage>(currency: string | null): Array<Column<Row>> {
  return [
    {
      id: 'requests',
      header: t('conversations.requests', 'Calls'),
      cell: ({ row }) => formatCount(row.original.requests),
    },
    {
      id: 'failed',
      header: t('conversations.failedCalls', 'Failed'),
      cell: ({ row }) => formatCount(row.original.failed),
    },
    {
      id: 'tokens',
      header: t('conversations.tokens', 'Tokens in / out'),
      cell: ({ row }) =>
        `${formatCount(row.original.tokens.input)} / ${formatCount(row.original.tokens.output)}`,
    },
    {
      id: 'cost',
      header: t('conversations.cost', 'Cost'),
      cell: ({ row: { original } }) =>
        original.cost === null
          ? t('conversations.noPrice', 'no price known')
          : money(original.cost, currency),
    },
  ];
}

function money(amount: number, currency: string | null): string {
  const text = new Intl.NumberFormat(undefined, { maximumFractionDigits: amount < 1 ? 4 : 2 }).format(amount);
  return currency ? `${text} ${currency}` : text;
}
