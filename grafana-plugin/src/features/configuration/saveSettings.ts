import { lastValueFrom } from 'rxjs';
import { getBackendSrv } from '@grafana/runtime';
import type { AppSettings } from '../../app/appSettings';
import { PLUGIN_ID } from '../../app/pluginId';

export interface SettingsToSave {
  readonly pinned: boolean;
  readonly jsonData: AppSettings;
  /** Undefined keeps the key that Grafana holds. */
  readonly apiKey: string | undefined;
}

/** Keeps address and key with Grafana, which shows a failure by itself. */
export async function saveSettings({ pinned, jsonData, apiKey }: SettingsToSave): Promise<void> {
  const secureJsonData = apiKey === undefined ? undefined : { apiKey };
  await lastValueFrom(
    getBackendSrv().fetch({
      url: `/api/plugins/${PLUGIN_ID}/settings`,
      method: 'POST',
      data: { enabled: true, pinned, jsonData, secureJsonData },
    }),
  );
}
