import type { PluginMeta } from '@grafana/data';

// What Grafana's server keeps for a plugin is kept in the browser here: the key for this tab only.

const KEY = 'sonde.preview.key';

export function readKey(): string {
  return sessionStorage.getItem(KEY) ?? '';
}

/** Answers as Grafana's `POST /api/plugins/<id>/settings` does. */
export function saveSettings(settings: { readonly secureJsonData?: { readonly apiKey?: string } }): void {
  const key = settings.secureJsonData?.apiKey;
  if (key === undefined) {
    return;
  }
  if (key === '') {
    sessionStorage.removeItem(KEY);
  } else {
    sessionStorage.setItem(KEY, key);
  }
}

/** The plugin's own description, completed as Grafana completes it. */
export async function readMeta(): Promise<PluginMeta> {
  const answer = await fetch('/public/plugins/sonde-troubleshoot-app/plugin.json');
  const pluginJson = (await answer.json()) as PluginMeta;
  return {
    ...pluginJson,
    module: 'public/plugins/sonde-troubleshoot-app/module.js',
    baseUrl: 'public/plugins/sonde-troubleshoot-app',
    enabled: true,
    pinned: true,
    jsonData: { apiUrl: location.origin },
    secureJsonFields: { apiKey: readKey() !== '' },
  };
}
