import type { AppPlugin, PanelPlugin, PluginMeta } from '@grafana/data';
import { readMeta } from './previewSettings';

const FOLDER = '/public/plugins/sonde-troubleshoot-app';

let app: Promise<AppPlugin> | undefined;
const panels = new Map<string, Promise<PanelPlugin>>();
const loadedPanels = new Map<string, PanelPlugin>();

/** The built app plugin, from its own module.js. */
export function loadApp(): Promise<AppPlugin> {
  app ??= importApp();
  return app;
}

/** A nested panel plugin: `sonde-<name>-panel` lies in `panels/<name>`. */
export function importPanel(id: string): Promise<PanelPlugin> {
  const loading = panels.get(id) ?? importNested(id);
  panels.set(id, loading);
  return loading;
}

export function panelFromCache(id: string): PanelPlugin | undefined {
  return loadedPanels.get(id);
}

async function importApp(): Promise<AppPlugin> {
  const [meta, plugin] = await Promise.all([readMeta(), importModule<AppPlugin>(`${FOLDER}/module.js`)]);
  plugin.init(meta);
  plugin.meta = meta;
  return plugin;
}

async function importNested(id: string): Promise<PanelPlugin> {
  const folder = `${FOLDER}/panels/${/^sonde-(\w+)-panel$/.exec(id)?.[1] ?? id}`;
  const [answer, plugin] = await Promise.all([
    fetch(`${folder}/plugin.json`),
    importModule<PanelPlugin>(`${folder}/module.js`),
  ]);
  const pluginJson = (await answer.json()) as PluginMeta;
  plugin.meta = {
    ...pluginJson,
    module: `${folder}/module.js`,
    baseUrl: folder,
    sort: 0,
  } as PanelPlugin['meta'];
  loadedPanels.set(id, plugin);
  return plugin;
}

/** Whether the app brings this panel. */
export function isOwnPanel(id: string): boolean {
  return /^sonde-\w+-panel$/.test(id);
}

/** A plugin with a top-level await gives a promise of its exports, as in Grafana. */
async function importModule<Plugin>(url: string): Promise<Plugin> {
  const module = (await System.import(url)) as { plugin?: Plugin; default?: unknown };
  const exported = module.plugin ? module : ((await module.default) as { plugin?: Plugin });
  if (!exported.plugin) {
    throw new Error(`${url} exports no plugin.`);
  }
  return exported.plugin;
}
