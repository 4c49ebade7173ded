import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { Button, Field, Input, Stack, Text } from '@grafana/ui';
import { APP_PATH } from '../../app/pluginId';
import { EmptyState } from '../../shared/EmptyState';
import { ErrorState } from '../../shared/ErrorState';
import { ExportMenu } from '../../shared/ExportMenu';
import { LoadingState } from '../../shared/LoadingState';
import { PartialNotice } from '../../shared/PartialNotice';
import { WindowPicker } from '../../shared/WindowPicker';
import { api } from '../../shared/api';
import { t } from '../../shared/t';
import { type Asked, useAnswer } from '../../shared/useAnswer';
import { useLocationState } from '../../shared/useLocationState';
import { useWindowTimes } from '../../shared/useWindowTimes';
import { ConversationList } from './ConversationList';
import { ConversationView } from './ConversationView';
import { WorkspaceView } from './WorkspaceView';
import { readConversations, writeConversations } from './conversationsUrl';
import { type ConversationRow, readConversationRows } from './readConversationRows';

/** Conversations with models: which went wrong, what they cost, one in detail, and the use of a workspace. */
export default function ConversationsPage() {
  const [{ window, conversation, workspace }, change] = useLocationState(
    readConversations,
    writeConversations,
  );
  const { times, refresh } = useWindowTimes(window);
  const key = JSON.stringify(times);
  const list = useAnswer(conversation || workspace ? null : key, (signal) =>
    api.query({ mode: 'conversation', limit: 200, ...times }, signal),
  );
  const one = useAnswer(conversation ? key + conversation : null, (signal) =>
    api.conversation(conversation, times, signal),
  );
  const use = useAnswer(workspace ? key + workspace : null, (signal) =>
    api.workspace(workspace, times, signal),
  );
  const shown: Asked<unknown> = conversation ? one : workspace ? use : list;
  const openRequest = useOpenRequest(window);
  return (
    <Stack direction="column" gap={2}>
      <Stack justifyContent="space-between" wrap="wrap" gap={1}>
        <OpenById
          onConversation={(id) => change({ conversation: id, workspace: '' })}
          onWorkspace={(id) => change({ workspace: id, conversation: '' })}
        />
        <WindowPicker
          window={window}
          onWindow={(next) => change({ window: next })}
          onRefresh={refresh}
          loading={shown.loading}
        />
      </Stack>
      {(conversation || workspace) && (
        <Stack gap={1} alignItems="center">
          <Button
            variant="secondary"
            size="sm"
            icon="arrow-left"
            onClick={() => change({ conversation: '', workspace: '' })}
          >
            {t('conversations.back', 'All conversations')}
          </Button>
          <Text element="h3">{conversation || workspace}</Text>
        </Stack>
      )}
      {shown.error && (
        <ErrorState
          title={t('conversations.failedToRead', 'The conversations could not be read')}
          error={shown.error}
          onRetry={shown.reload}
        />
      )}
      {shown.loading && !shown.answer && (
        <LoadingState text={t('conversations.loading', 'Reading conversations ...')} />
      )}
      {conversation && one.answer && <ConversationView answer={one.answer} onRequest={openRequest} />}
      {workspace && use.answer && <WorkspaceView answer={use.answer} />}
      {!conversation && !workspace && list.answer && (
        <AllConversations answer={list.answer} onConversation={(id) => change({ conversation: id })} />
      )}
    </Stack>
  );
}

interface AllConversationsProps {
  readonly answer: Parameters<typeof readConversationRows>[0];
  readonly onConversation: (id: string) => void;
}

function AllConversations({ answer, onConversation }: AllConversationsProps) {
  const { rows, found } = useMemo(() => readConversationRows(answer), [answer]);
  if (found === 0) {
    return (
      <EmptyState title={t('conversations.none', 'No conversations in this window')}>
        {t(
          'conversations.noneAdvice',
          'Choose a longer window. Lines of a conversation carry conversation_id as structured metadata.',
        )}
      </EmptyState>
    );
  }
  return (
    <>
      <Stack justifyContent="space-between" alignItems="flex-start" gap={1}>
        <Text element="p">{answer.summary}</Text>
        <ExportMenu name="conversations" columns={EXPORTED} rows={() => rows.map(exportRow)} />
      </Stack>
      <PartialNotice warnings={answer.warnings} />
      <ConversationList conversations={rows} onConversation={onConversation} />
      {found > rows.length && (
        <Text color="secondary">
          {t('conversations.more', '{{rows}} of {{found}} conversations are shown.', {
            rows: rows.length,
            found,
          })}
        </Text>
      )}
    </>
  );
}

const EXPORTED = ['conversation', 'started', 'turns', 'failed', 'models', 'tokens', 'median_turn_ms'];

function exportRow(row: ConversationRow) {
  const { conversation_id, started, turns, errors, models, tokens_used, median_duration_ms } = row;
  return [conversation_id, started, turns, errors, models.join(' '), tokens_used, median_duration_ms];
}

interface OpenByIdProps {
  readonly onConversation: (id: string) => void;
  readonly onWorkspace: (id: string) => void;
}

function OpenById({ onConversation, onWorkspace }: OpenByIdProps) {
  const [id, setId] = useState('');
  const given = id.trim() !== '';
  return (
    <Stack gap={1} alignItems="flex-end">
      <Field label={t('conversations.id', 'Id of a conversation or a workspace')} noMargin>
        <Input
          id="sonde-conversation-id"
          width={36}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
        />
      </Field>
      <Button variant="secondary" disabled={!given} onClick={() => onConversation(id.trim())}>
        {t('conversations.openConversation', 'Conversation')}
      </Button>
      <Button variant="secondary" disabled={!given} onClick={() => onWorkspace(id.trim())}>
        {t('conversations.openWorkspace', 'Workspace')}
      </Button>
    </Stack>
  );
}

function useOpenRequest(window: { readonly from: string; readonly to: string }) {
  const navigate = useNavigate();
  return useMemo(
    () => (field: string, value: string) => {
      const search = new URLSearchParams({ ...window, field, id: value });
      void navigate(`${APP_PATH}/requests?${search.toString()}`);
    },
    [navigate, window],
  );
}
