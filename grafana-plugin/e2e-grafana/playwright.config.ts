import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig, devices } from '@playwright/test';
import { stack } from './stack.ts';

const PLUGIN_E2E = path.dirname(fileURLToPath(import.meta.resolve('@grafana/plugin-e2e')));

/** Against the stack of docker-compose.yml, or another Grafana by GRAFANA_URL. */
export default defineConfig<PluginOptions>({
  testDir: '.',
  reporter: 'list',
  // One after the other: one of them saves the settings that all others use.
  workers: 1,
  use: {
    baseURL: stack.url,
    user: stack.admin,
    // Who differs from this is taken for a user that must first be made.
    grafanaAPICredentials: stack.admin,
    provisioningRootDir: '../../dashboards/provisioning',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'auth', testDir: path.join(PLUGIN_E2E, 'auth'), testMatch: [/.*\.js/] },
    {
      name: 'chromium',
      use: { ...devices['Desktop Chrome'], storageState: `playwright/.auth/${stack.admin.user}.json` },
      dependencies: ['auth'],
    },
  ],
});
