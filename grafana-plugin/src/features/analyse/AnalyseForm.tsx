import { type ClipboardEvent, type SyntheticEvent, useState } from 'react';
import { css } from '@emotion/css';
import { formattedValueToString, getValueFormat } from '@grafana/data';
import {
  Button,
  Combobox,
  Field,
  FileDropzone,
  FileDropzoneDefaultChildren,
  IconButton,
  Input,
  LoadingPlaceholder,
  Stack,
  Text,
  TextArea,
  useStyles2,
} from '@grafana/ui';
import { ErrorState } from '../../shared/ErrorState';
import { ProgressBar } from '../../shared/ProgressBar';
import { api } from '../../shared/api';
import { t } from '../../shared/t';
import { useAnswer } from '../../shared/useAnswer';
import { FILES_MAX } from './readFiles';
import { useSubmission } from './useSubmission';

/** Nobody writes the summary but the findings. */
const NO_MODEL = '';
/** The chain of models that the analyzer has for summaries. */
const CHAIN = '*';
const INSTRUCTION_CHARACTERS_MAX = 2_000;
/** Browsers take minutes to lay out a large text in a field: more than this is kept as a file. */
const PASTED_CHARACTERS_MAX = 20_000;
const bytes = getValueFormat('bytes');

/** Texts or files, and who puts what is found into words. */
export function AnalyseForm({ onBegun }: { readonly onBegun: (id: string) => void }) {
  const [text, setText] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [wishes, setWishes] = useState({ model: NO_MODEL, template: '', instruction: '', since: '' });
  const { sending, error, send, cancel } = useSubmission(onBegun);
  const tooMany = files.length > FILES_MAX;
  const badSince = wishes.since !== '' && !/^[1-9]\d{0,5}[smhdw]$/.test(wishes.since);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const { model, template, instruction, since } = wishes;
    send(
      {
        ...(text ? { text } : {}),
        ...(since ? { since } : {}),
        ...(model === NO_MODEL ? {} : { summary: 'model' as const }),
        ...(model === NO_MODEL || model === CHAIN ? {} : { model }),
        ...(template ? { template } : {}),
        ...(instruction ? { instruction } : {}),
      },
      files,
    );
  };
  return (
    <form onSubmit={submit} aria-label={t('analyse.form', 'Analyse logs')}>
      <Stack direction="column" gap={2}>
        <Texts text={text} onText={setText} files={files} onFiles={setFiles} />
        <Text color={tooMany ? 'error' : 'secondary'} variant="bodySmall">
          {tooMany
            ? t('analyse.tooMany', '{{files}} files are too many: {{most}} go in one analysis.', {
                files: files.length,
                most: FILES_MAX,
              })
            : t(
                'analyse.filesHelp',
                'Up to {{most}} files, plain or packed with gzip, are read as one log.',
                {
                  most: FILES_MAX,
                },
              )}
        </Text>
        <Wishes wishes={wishes} badSince={badSince} onWishes={(part) => setWishes({ ...wishes, ...part })} />
        {error && <ErrorState title={t('analyse.failed', 'The analysis could not begin')} error={error} />}
        <Stack gap={1} alignItems="center">
          <Button
            type="submit"
            icon="search"
            disabled={sending !== null || tooMany || badSince || (text.trim() === '' && files.length === 0)}
          >
            {t('analyse.submit', 'Analyse')}
          </Button>
          {sending && (
            <>
              <Button type="button" variant="secondary" onClick={cancel}>
                {t('analyse.cancel', 'Cancel')}
              </Button>
              <LoadingPlaceholder text={sending.what} />
            </>
          )}
        </Stack>
        {sending?.progress != null && <ProgressBar share={sending.progress} label={sending.what} />}
      </Stack>
    </form>
  );
}

interface TextsProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly files: readonly File[];
  readonly onFiles: (files: readonly File[]) => void;
}

function Texts({ text, onText, files, onFiles }: TextsProps) {
  const styles = useStyles2(getStyles);
  const paste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const pasted = event.clipboardData.getData('text/plain');
    if (pasted.length > PASTED_CHARACTERS_MAX) {
      event.preventDefault();
      onFiles([...files, new File([pasted], t('analyse.pastedName', 'pasted text'))]);
    }
  };
  return (
    <>
      <Field
        label={t('analyse.paste', 'Paste log lines')}
        description={t(
          'analyse.pasteHelp',
          'Plain text, JSON, logfmt, access logs, klog or syslog; lines of several services may be mixed',
        )}
        noMargin
      >
        <TextArea
          id="sonde-analyse-text"
          rows={6}
          value={text}
          onPaste={paste}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      </Field>
      <Field label={t('analyse.filesLabel', 'Files')} htmlFor="sonde-analyse-files" noMargin>
        <FileDropzone
          id="sonde-analyse-files"
          options={{ multiple: true, onDropAccepted: (accepted) => onFiles([...files, ...accepted]) }}
          fileListRenderer={() => null}
        >
          <FileDropzoneDefaultChildren
            primaryText={t('analyse.drop', 'Drop files here, or choose them')}
            secondaryText=""
          />
        </FileDropzone>
      </Field>
      {files.length > 0 && (
        <ul className={styles.files} aria-label={t('analyse.files', 'Files to analyse')}>
          {files.map((file, index) => (
            <li key={`${file.name} ${index}`}>
              <bdi>{file.name}</bdi> {formattedValueToString(bytes(file.size, 1))}{' '}
              <IconButton
                name="times"
                tooltip={t('analyse.removeFile', 'Leave {{name}} out', { name: file.name })}
                onClick={() => onFiles(files.filter((other) => other !== file))}
              />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface WishesProps {
  readonly wishes: Readonly<Record<'model' | 'template' | 'instruction' | 'since', string>>;
  readonly badSince: boolean;
  readonly onWishes: (part: Partial<WishesProps['wishes']>) => void;
}

function Wishes({ wishes, badSince, onWishes }: WishesProps) {
  const models = useAnswer('models', api.models);
  const templates = useAnswer('templates', api.templates);
  const names = models.answer?.models.map(({ name }) => name) ?? [];
  const withModel = wishes.model !== NO_MODEL;
  return (
    <Stack gap={2} wrap="wrap" alignItems="flex-start">
      <Field
        label={t('analyse.since', 'Only the last')}
        description={t('analyse.sinceHelp', 'For example 30m or 1h; empty for all')}
        invalid={badSince}
        error={t('analyse.sinceBad', 'Write a number and s, m, h, d or w')}
        noMargin
      >
        <Input
          id="sonde-analyse-since"
          width={16}
          value={wishes.since}
          onChange={(event) => onWishes({ since: event.currentTarget.value.trim() })}
        />
      </Field>
      <Field
        label={t('analyse.model', 'In the words of')}
        description={
          names.length === 0
            ? t('analyse.noModels', 'MODELS_CONFIG of the analyzer names no model')
            : t('analyse.modelHelp', 'A model sees findings, never the whole log')
        }
        noMargin
      >
        <Combobox
          id="sonde-analyse-model"
          width={28}
          options={[
            { value: NO_MODEL, label: t('analyse.withoutModel', 'the findings alone') },
            ...(names.length > 0
              ? [{ value: CHAIN, label: t('analyse.chain', 'the models for summaries') }]
              : []),
            ...names.map((value) => ({ value, label: value })),
          ]}
          value={wishes.model}
          onChange={({ value }) => onWishes({ model: value })}
        />
      </Field>
      {withModel && (
        <>
          <Field
            label={t('analyse.template', 'Template')}
            description={t('analyse.templateHelp', 'What the words are for')}
            noMargin
          >
            <Combobox
              id="sonde-analyse-template"
              width={24}
              options={[
                { value: '', label: t('analyse.usualTemplate', 'as configured') },
                ...(templates.answer?.templates ?? []).map(({ name }) => ({ value: name, label: name })),
              ]}
              value={wishes.template}
              onChange={({ value }) => onWishes({ template: value })}
            />
          </Field>
          <Field
            label={t('analyse.instruction', 'Instruction')}
            description={t('analyse.instructionHelp', 'What you want to know besides')}
            noMargin
          >
            <Input
              id="sonde-analyse-instruction"
              width={40}
              maxLength={INSTRUCTION_CHARACTERS_MAX}
              value={wishes.instruction}
              onChange={(event) => onWishes({ instruction: event.currentTarget.value })}
            />
          </Field>
        </>
      )}
    </Stack>
  );
}

const getStyles = () => ({ files: css({ listStyle: 'none', margin: 0, padding: 0 }) });
