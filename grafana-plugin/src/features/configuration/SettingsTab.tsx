import { type SyntheticEvent, useState } from 'react';
import { Alert, Button, Combobox, Field, Input, Stack, TextArea } from '@grafana/ui';
import type { Settings } from '../../../../analyzer-service/src/contract.ts';
import { ErrorState } from '../../shared/ErrorState';
import { LoadingState } from '../../shared/LoadingState';
import { api } from '../../shared/api';
import { type ApiError, explainFailure } from '../../shared/apiError';
import { t } from '../../shared/t';
import { useAnswer } from '../../shared/useAnswer';

/** What summaries are written with when nobody asks for something else. */
export function SettingsTab() {
  const { answer, error, loading, reload } = useAnswer('settings', api.settings);
  return (
    <Stack direction="column" gap={2}>
      {error && (
        <ErrorState
          title={t('configuration.settings.failed', 'The settings could not be read')}
          error={error}
          onRetry={reload}
        />
      )}
      {loading && !answer && (
        <LoadingState text={t('configuration.settings.loading', 'Reading the settings ...')} />
      )}
      {answer && <SettingsForm settings={answer} />}
    </Stack>
  );
}

/** The chain of models that the analyzer has for summaries. */
const CHAIN = '';

function SettingsForm({ settings }: { readonly settings: Settings }) {
  const [draft, setDraft] = useState(settings);
  const [names, setNames] = useState(settings.redacted_names.join('\n'));
  const { saved, failed, save } = useSaving();
  const models = useAnswer('models', api.models);
  const templates = useAnswer('templates', api.templates);
  const change = (part: Partial<Settings>) => setDraft({ ...draft, ...part });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save({ ...draft, redacted_names: namesIn(names) });
  };
  return (
    <form onSubmit={submit} aria-label={t('configuration.settings.form', 'Settings')}>
      <Stack direction="column" gap={2}>
        <Field
          label={t('configuration.settings.model', 'Model')}
          description={t('configuration.settings.modelHelp', 'Which one writes summaries')}
          noMargin
        >
          <Combobox
            id="sonde-settings-model"
            width={40}
            options={[
              { value: CHAIN, label: t('configuration.settings.chain', 'the chain for summaries') },
              ...(models.answer?.models ?? []).map(({ name }) => ({ value: name, label: name })),
            ]}
            value={draft.model ?? CHAIN}
            onChange={({ value }) => change({ model: value === CHAIN ? null : value })}
          />
        </Field>
        <Field
          label={t('configuration.settings.template', 'Template')}
          description={t('configuration.settings.templateHelp', 'What summaries are for')}
          noMargin
        >
          <Combobox
            id="sonde-settings-template"
            width={40}
            options={(templates.answer?.templates ?? []).map(({ name }) => ({ value: name, label: name }))}
            value={draft.template}
            onChange={({ value }) => change({ template: value })}
          />
        </Field>
        <Field
          label={t('configuration.settings.language', 'Language')}
          description={t('configuration.settings.languageHelp', 'Of the statements that a model writes')}
          noMargin
        >
          <Input
            id="sonde-settings-language"
            width={40}
            maxLength={40}
            value={draft.language}
            onChange={(event) => change({ language: event.currentTarget.value })}
          />
        </Field>
        <Field
          label={t('configuration.settings.instruction', 'Instruction')}
          description={t(
            'configuration.settings.instructionHelp',
            'What every summary should heed; up to 2,000 characters',
          )}
          noMargin
        >
          <TextArea
            id="sonde-settings-instruction"
            rows={3}
            maxLength={2_000}
            value={draft.instruction}
            onChange={(event) => change({ instruction: event.currentTarget.value })}
          />
        </Field>
        <Field
          label={t('configuration.settings.names', 'Names that no model may see')}
          description={t('configuration.settings.namesHelp', 'One a line, of 2 to 100 characters')}
          noMargin
        >
          <TextArea
            id="sonde-settings-names"
            rows={4}
            value={names}
            onChange={(event) => setNames(event.currentTarget.value)}
          />
        </Field>
        {failed && (
          <ErrorState title={t('configuration.settings.notSaved', 'Nothing was saved')} error={failed} />
        )}
        {saved && (
          <Alert severity="success" title={t('configuration.settings.saved', 'Saved for everybody')} />
        )}
        <div>
          <Button type="submit">{t('configuration.settings.save', 'Save settings')}</Button>
        </div>
      </Stack>
    </form>
  );
}

function useSaving() {
  const [saved, setSaved] = useState(false);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const save = async (settings: Settings) => {
    setSaved(false);
    setFailed(null);
    try {
      await api.changeSettings(settings);
      setSaved(true);
    } catch (error) {
      setFailed(explainFailure(error));
    }
  };
  return { saved, failed, save: (settings: Settings) => void save(settings) };
}

function namesIn(text: string): string[] {
  return text
    .split('\n')
    .map((name) => name.trim())
    .filter(Boolean);
}
