import { type SyntheticEvent, useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Field, Input, Stack, Text, TextArea, useStyles2 } from '@grafana/ui';
import type { PromptPreview, PromptTemplate } from '../../../../analyzer-service/src/contract.ts';
import { ErrorState } from '../../shared/ErrorState';
import { api } from '../../shared/api';
import { type ApiError, explainFailure } from '../../shared/apiError';
import { formatCount } from '../../shared/formatNumbers';
import { t } from '../../shared/t';

interface TemplateEditorProps {
  /** One that comes along is copied: its name is asked for. */
  readonly template: PromptTemplate;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

const TEXT_CHARACTERS_MIN = 10;
const TEXT_CHARACTERS_MAX = 8_000;

/** A template's text, and the prompt that it leads to. */
export function TemplateEditor({ template, onDone, onCancel }: TemplateEditorProps) {
  const isNew = template.built_in || template.name === '';
  const [name, setName] = useState(isNew ? '' : template.name);
  const [text, setText] = useState(template.text);
  const [preview, setPreview] = useState<PromptPreview | null>(null);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const badName = name !== '' && !/^[a-z0-9][a-z0-9_.-]{0,62}$/i.test(name);
  const ready = name !== '' && !badName && text.trim().length >= TEXT_CHARACTERS_MIN;
  const attempt = async (work: () => Promise<void>) => {
    setFailed(null);
    try {
      await work();
    } catch (error) {
      setFailed(explainFailure(error));
    }
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    void attempt(async () => {
      await api.saveTemplate(name, text);
      onDone();
    });
  };
  const show = () =>
    void attempt(async () => setPreview(await api.previewTemplate(text, new AbortController().signal)));
  return (
    <form onSubmit={submit} aria-label={t('configuration.template.form', 'Template')}>
      <Stack direction="column" gap={2}>
        <Field
          label={t('configuration.template.name', 'Name')}
          invalid={badName}
          error={t(
            'configuration.template.nameBad',
            'Letters, digits, dots and dashes; at most 63, and a letter or digit first',
          )}
          noMargin
        >
          <Input
            id="sonde-template-name"
            width={40}
            disabled={!isNew}
            value={name}
            onChange={(event) => setName(event.currentTarget.value.trim())}
          />
        </Field>
        <Field
          label={t('configuration.template.text', 'For whom the model writes, and what matters to them')}
          description={t('configuration.template.textHelp', '10 to 8,000 characters')}
          noMargin
        >
          <TextArea
            id="sonde-template-text"
            rows={8}
            maxLength={TEXT_CHARACTERS_MAX}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </Field>
        {failed && (
          <ErrorState title={t('configuration.template.failed', 'This did not work')} error={failed} />
        )}
        <Stack gap={1}>
          <Button type="submit" disabled={!ready}>
            {t('configuration.template.save', 'Save template')}
          </Button>
          <Button
            type="button"
            variant="secondary"
            disabled={text.trim().length < TEXT_CHARACTERS_MIN}
            onClick={show}
          >
            {t('configuration.template.preview', 'Show the prompt')}
          </Button>
          <Button type="button" variant="secondary" fill="text" onClick={onCancel}>
            {t('configuration.template.cancel', 'Cancel')}
          </Button>
        </Stack>
        {preview && <Preview preview={preview} />}
      </Stack>
    </form>
  );
}

function Preview({
  preview: { messages, prompt_tokens, prompt_version },
}: {
  readonly preview: PromptPreview;
}) {
  const styles = useStyles2(getStyles);
  return (
    <section aria-label={t('configuration.template.prompt', 'The prompt, for an example')}>
      <Text element="p" color="secondary">
        {t(
          'configuration.template.promptSize',
          'The prompt for an example: about {{tokens}} tokens, version {{version}}. No model was asked.',
          { tokens: formatCount(prompt_tokens), version: prompt_version },
        )}
      </Text>
      {messages.map(({ role, content }) => (
        <div key={role}>
          <strong>{role}</strong>
          <pre className={styles.prompt} tabIndex={0}>
            {content}
          </pre>
        </div>
      ))}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  prompt: css({
    maxHeight: 320,
    overflow: 'auto',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
