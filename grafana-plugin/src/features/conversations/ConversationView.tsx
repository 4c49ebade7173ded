import { useMemo } from 'react';
import { dateTimeFormat } from '@grafana/data';
import { Badge, Button, type Column, InteractiveTable, Stack, Text } from '@grafana/ui';
import type { ConversationAnswer } from '../../../../analyzer-service/src/contract.ts';
import { ExportMenu } from '../../shared/ExportMenu';
import { LogLines } from '../../shared/LogLines';
import { PartialNotice } from '../../shared/PartialNotice';
import { formatCount, formatMs } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';

type Turn = ConversationAnswer['turns'][number];

interface ConversationViewProps {
  readonly answer: ConversationAnswer;
  readonly onRequest: (field: string, value: string) => void;
}

/** The turns of one conversation in order, with the errors that broke some of them. */
export function ConversationView({ answer, onRequest }: ConversationViewProps) {
  const columns = useMemo(() => turnColumns(onRequest), [onRequest]);
  const broken = answer.turns.flatMap(({ error }) => (error ? [error] : []));
  return (
    <Stack direction="column" gap={2} data-testid={testIds.conversations.conversation}>
      <Stack justifyContent="space-between" alignItems="flex-start" gap={1}>
        <Text element="p">{answer.summary}</Text>
        <ExportMenu name="turns" columns={EXPORTED} rows={() => answer.turns.map(exportRow)} />
      </Stack>
      <PartialNotice warnings={answer.warnings} />
      <InteractiveTable
        columns={columns}
        data={[...answer.turns]}
        getRowId={({ turn }: Turn) => String(turn)}
        pageSize={25}
      />
      {answer.turns_left_out > 0 && (
        <Text color="secondary">
          {t('conversations.turnsLeftOut', '{{turns}} older turns are not shown.', {
            turns: formatCount(answer.turns_left_out),
          })}
        </Text>
      )}
      {broken.length > 0 && (
        <section>
          <Text element="h4">{t('conversations.errors', 'Errors')}</Text>
          <LogLines lines={broken} label={t('conversations.errors', 'Errors')} />
        </section>
      )}
    </Stack>
  );
}

const EXPORTED = ['turn', 'started', 'models', 'tokens_in', 'tokens_out', 'error'];

function exportRow({ turn, started, models, tokens, error }: Turn) {
  return [turn, started, models.join(' '), tokens.input, tokens.output, error?.line ?? null];
}

function turnColumns(onRequest: (field: string, value: string) => void): Array<Column<Turn>> {
  return [
    { id: 'turn', header: t('conversations.turn', 'Turn') },
    {
      id: 'started',
      header: t('conversations.started', 'Started'),
      cell: ({ row }) => dateTimeFormat(row.original.started),
    },
    {
      id: 'models',
      header: t('conversations.models', 'Models'),
      cell: ({ row }) => row.original.models.join(', '),
    },
    {
      id: 'tokens',
      header: t('conversations.tokens', 'Tokens in / out'),
      cell: ({ row: { original } }) =>
        original.tokens.input + original.tokens.output > 0
          ? `${formatCount(original.tokens.input)} / ${formatCount(original.tokens.output)}`
          : formatCount(original.tokens.total),
    },
    {
      id: 'latency_ms',
      header: t('conversations.latency', 'Model time'),
      cell: ({ row }) => (row.original.latency_ms === null ? '–' : formatMs(row.original.latency_ms)),
    },
    {
      id: 'duration_ms',
      header: t('conversations.duration', 'Duration'),
      cell: ({ row }) => formatMs(row.original.duration_ms),
    },
    {
      id: 'status',
      header: t('conversations.status', 'Status'),
      cell: ({ row: { original } }) =>
        original.status === 'failed' ? (
          <Badge color="red" text={t('conversations.failed', 'failed')} />
        ) : (
          <Badge color="green" text={t('conversations.ok', 'ok')} />
        ),
    },
    {
      id: 'request',
      header: t('conversations.request', 'Request'),
      cell: ({
        row: {
          original: { request },
        },
      }) =>
        request ? (
          <Button fill="text" size="sm" onClick={() => onRequest(request.field, request.value)}>
            {request.value}
          </Button>
        ) : (
          '–'
        ),
    },
  ];
}
