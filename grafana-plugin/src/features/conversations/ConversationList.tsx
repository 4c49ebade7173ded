import { useMemo } from 'react';
import { dateTimeFormat } from '@grafana/data';
import { Button, type Column, InteractiveTable } from '@grafana/ui';
import { formatCount, formatMs } from '../../shared/formatNumbers';
import { t } from '../../shared/t';
import type { ConversationRow } from './readConversationRows';

interface ConversationListProps {
  readonly conversations: readonly ConversationRow[];
  readonly onConversation: (id: string) => void;
}

export function ConversationList({ conversations, onConversation }: ConversationListProps) {
  const columns = useMemo(() => listColumns(onConversation), [onConversation]);
  return (
    <InteractiveTable
      columns={columns}
      data={[...conversations]}
      getRowId={({ conversation_id }: ConversationRow) => conversation_id}
      pageSize={20}
    />
  );
}

function listColumns(onConversation: (id: string) => void): Array<Column<ConversationRow>> {
  return [
    {
      id: 'conversation_id',
      header: t('conversations.conversation', 'Conversation'),
      cell: ({ row: { original } }) => (
        <Button fill="text" size="sm" onClick={() => onConversation(original.conversation_id)}>
          {original.conversation_id}
        </Button>
      ),
    },
    {
      id: 'started',
      header: t('conversations.started', 'Started'),
      cell: ({ row }) => dateTimeFormat(row.original.started),
      sortType: 'string',
    },
    { id: 'turns', header: t('conversations.turns', 'Turns'), sortType: 'number' },
    { id: 'errors', header: t('conversations.errorsCount', 'Failed'), sortType: 'number' },
    {
      id: 'models',
      header: t('conversations.models', 'Models'),
      cell: ({ row }) => row.original.models.join(', '),
    },
    {
      id: 'tokens_used',
      header: t('conversations.tokensUsed', 'Tokens'),
      cell: ({ row }) => formatCount(row.original.tokens_used),
      sortType: 'number',
    },
    {
      id: 'median_duration_ms',
      header: t('conversations.medianDuration', 'Median turn'),
      cell: ({ row: { original } }) =>
        original.median_duration_ms === null ? '–' : formatMs(original.median_duration_ms),
      sortType: 'number',
    },
  ];
}
