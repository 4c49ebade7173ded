import { type SyntheticEvent, useState } from 'react';
import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Field, FieldSet, Input, SecretInput, Stack, TextLink } from '@grafana/ui';
import type { AppSettings } from '../../app/appSettings';
import { APP_PATH } from '../../app/pluginId';
import { ConnectionTest } from './ConnectionTest';
import { saveSettings } from './saveSettings';

export type ConfigurationProps = PluginConfigPageProps<AppPluginMeta<AppSettings>>;

/** Where the analyzer is, the key for it, and whether both work. */
export function AnalyzerTab({ plugin }: ConfigurationProps) {
  const { meta } = plugin;
  const [apiUrl, setApiUrl] = useState(meta.jsonData?.apiUrl ?? '');
  const [apiKey, setApiKey] = useState('');
  const [keyIsSet, setKeyIsSet] = useState(Boolean(meta.secureJsonFields?.apiKey));
  const [saving, setSaving] = useState(false);
  const problem =
    apiUrl === '' || isHttpUrl(apiUrl) ? null : t('configuration.url.bad', 'This is no http address');

  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    setSaving(true);
    try {
      await saveSettings({
        pinned: meta.pinned ?? true,
        jsonData: { apiUrl: apiUrl.replace(/\/+$/, '') },
        apiKey: keyIsSet && apiKey === '' ? undefined : apiKey,
      });
      // Grafana hands new settings to its pages only when they are loaded again.
      window.location.reload();
    } catch {
      setSaving(false);
    }
  };

  return (
    <Stack direction="column" gap={2}>
      <form onSubmit={save}>
        <FieldSet label={t('configuration.title', 'Analyzer')}>
          <Field
            label={t('configuration.url.label', 'Address')}
            description={t(
              'configuration.url.description',
              "As Grafana's server reaches it, for example http://analyzer:3200",
            )}
            invalid={problem !== null}
            error={problem}
          >
            <Input
              id="sonde-api-url"
              width={60}
              value={apiUrl}
              placeholder="http://localhost:3200"
              onChange={(event) => setApiUrl(event.currentTarget.value)}
            />
          </Field>
          <Field
            label={t('configuration.key.label', 'API key')}
            description={t(
              'configuration.key.description',
              'Made by "sonde keys create --name grafana". Not needed while the analyzer asks for none.',
            )}
          >
            <SecretInput
              id="sonde-api-key"
              width={60}
              isConfigured={keyIsSet}
              value={apiKey}
              onChange={(event) => setApiKey(event.currentTarget.value)}
              onReset={() => setKeyIsSet(false)}
            />
          </Field>
          <Button type="submit" disabled={saving || problem !== null}>
            {t('configuration.save', 'Save')}
          </Button>
        </FieldSet>
      </form>
      <ConnectionTest />
      <TextLink href={`${APP_PATH}/troubleshoot`} inline={false}>
        {t('configuration.open', 'Open Sonde')}
      </TextLink>
    </Stack>
  );
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
