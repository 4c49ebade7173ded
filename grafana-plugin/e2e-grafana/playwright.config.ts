import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginOptions } from '@grafana/plugin-e2e';
import { defineConfig, devices } from '@playwright/test';

const PLUGIN_E2E = path.dirname(fileURLToPath(import.meta.resolve('@grafana/plugin-e2e')));
const ADMIN = 'playwright/.auth/admin.json';

/** Against the stack of docker-compose.yml, or another Grafana by GRAFANA_URL, GRAFANA_USER and GRAFANA_PASSWORD. */
export default defineConfig<PluginOptions>({
  testDir: '.',
  reporter: 'list',
  use: {
    baseURL: process.env.GRAFANA_URL ?? 'http://127.0.0.1:3000',
    user: {
      user: process.env.GRAFANA_USER ?? 'admin',
      password: process.env.GRAFANA_PASSWORD ?? 'admin',
    },
    provisioningRootDir: '../../dashboards/provisioning',
    trace: 'on-first-retry',
  },
  projects: [
    { name: 'auth', testDir: path.join(PLUGIN_E2E, 'auth'), testMatch: [/.*\.js/] },
    {
      name: 'chromium',
      use: { ...devices['Desktop Chrome'], storageState: ADMIN },
      dependencies: ['auth'],
    },
  ],
});
