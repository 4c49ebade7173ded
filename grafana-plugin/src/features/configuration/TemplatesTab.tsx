import { useMemo, useState } from 'react';
import { dateTimeFormat } from '@grafana/data';
import { Badge, Button, type Column, ConfirmModal, InteractiveTable, Stack, Text } from '@grafana/ui';
import type { PromptTemplate } from '../../../../analyzer-service/src/contract.ts';
import { ErrorState } from '../../shared/ErrorState';
import { LoadingState } from '../../shared/LoadingState';
import { api } from '../../shared/api';
import { type ApiError, explainFailure } from '../../shared/apiError';
import { t } from '../../shared/t';
import { useAnswer } from '../../shared/useAnswer';
import { TemplateEditor } from './TemplateEditor';

const NEW: PromptTemplate = { name: '', text: '', built_in: false, updated: null };

/** What summaries can be for: those that come along, and one's own. */
export function TemplatesTab() {
  const { answer, error, loading, reload } = useAnswer('templates', api.templates);
  const [edited, setEdited] = useState<PromptTemplate | null>(null);
  const [removed, setRemoved] = useState<string | null>(null);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const templates = useMemo(() => [...(answer?.templates ?? [])], [answer]);
  const columns = useMemo(() => templateColumns(setEdited, setRemoved), []);
  const remove = async () => {
    const name = removed ?? '';
    setRemoved(null);
    setFailed(null);
    try {
      await api.deleteTemplate(name);
      reload();
    } catch (failure) {
      setFailed(explainFailure(failure));
    }
  };
  if (edited) {
    return (
      <TemplateEditor
        template={edited}
        onDone={() => {
          setEdited(null);
          reload();
        }}
        onCancel={() => setEdited(null)}
      />
    );
  }
  return (
    <Stack direction="column" gap={2}>
      <Text color="secondary">
        {t(
          'configuration.templates.about',
          'A template tells a model for whom it writes and what matters to them. What was found, and how it must be cited, is added to it. Changing one takes a key of the role analyst.',
        )}
      </Text>
      {error && (
        <ErrorState
          title={t('configuration.templates.failed', 'The templates could not be read')}
          error={error}
          onRetry={reload}
        />
      )}
      {failed && (
        <ErrorState
          title={t('configuration.templates.notDeleted', 'The template was not deleted')}
          error={failed}
        />
      )}
      {loading && !answer && (
        <LoadingState text={t('configuration.templates.loading', 'Reading the templates ...')} />
      )}
      {answer && (
        <>
          <InteractiveTable columns={columns} data={templates} getRowId={({ name }) => name} />
          <div>
            <Button icon="plus" variant="secondary" onClick={() => setEdited(NEW)}>
              {t('configuration.templates.make', 'New template')}
            </Button>
          </div>
        </>
      )}
      <ConfirmModal
        isOpen={removed !== null}
        title={t('configuration.templates.deleteTitle', 'Delete this template?')}
        body={t('configuration.templates.deleteBody', '{{name}} is then gone for everybody.', {
          name: removed,
        })}
        confirmText={t('configuration.templates.delete', 'Delete')}
        onConfirm={() => void remove()}
        onDismiss={() => setRemoved(null)}
      />
    </Stack>
  );
}

function templateColumns(
  onEdit: (template: PromptTemplate) => void,
  onRemove: (name: string) => void,
): Array<Column<PromptTemplate>> {
  return [
    {
      id: 'name',
      header: t('configuration.templates.name', 'Template'),
      cell: ({ row: { original } }) => (
        <Stack gap={1} wrap="wrap">
          <span>{original.name}</span>
          {original.built_in && (
            <Badge color="darkgrey" text={t('configuration.templates.builtIn', 'built in')} />
          )}
        </Stack>
      ),
    },
    { id: 'text', header: t('configuration.templates.text', 'Text') },
    {
      id: 'updated',
      header: t('configuration.templates.updated', 'Changed'),
      cell: ({ row: { original } }) => (original.updated ? dateTimeFormat(original.updated) : '–'),
    },
    {
      id: 'actions',
      header: '',
      cell: ({ row: { original } }) => (
        <Stack gap={1}>
          <Button size="sm" variant="secondary" onClick={() => onEdit(original)}>
            {original.built_in
              ? t('configuration.templates.copy', 'Copy {{name}}', { name: original.name })
              : t('configuration.templates.edit', 'Change {{name}}', { name: original.name })}
          </Button>
          {!original.built_in && (
            <Button size="sm" variant="destructive" fill="outline" onClick={() => onRemove(original.name)}>
              {t('configuration.templates.deleteOne', 'Delete {{name}}', { name: original.name })}
            </Button>
          )}
        </Stack>
      ),
    },
  ];
}
