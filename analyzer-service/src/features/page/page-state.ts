import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** How far the plugin and its page are; written by grafana-plugin/build.mjs. */
export interface PageState {
  readonly built: boolean;
  /** One sentence, while it is built and when that failed. */
  readonly message: string;
}

const NOT_BUILT: PageState = {
  built: false,
  message: 'This page is not built yet. "npm start" builds it, and so does "npm run plugin:build".',
};

const stateSchema = z.object({ built: z.boolean(), message: z.string() });

export async function readPageState(pluginDir: string): Promise<PageState> {
  try {
    const text = await readFile(path.join(pluginDir, '.build-state.json'), 'utf8');
    return stateSchema.parse(JSON.parse(text));
  } catch {
    return NOT_BUILT;
  }
}
