import pluginJson from '../plugin.json';

export const PLUGIN_ID = pluginJson.id;

/** Where the app's pages live. */
export const APP_PATH = `/a/${PLUGIN_ID}`;
