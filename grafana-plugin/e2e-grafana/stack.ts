import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

const file = path.join(import.meta.dirname, '../../.env');
const ofCompose = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};

/**
 * Where the stack of docker-compose.yml is, and who is let in: of the environment, or of the .env that compose reads.
 * The address is never of .env: there, GRAFANA_URL is the Grafana in which the analyzer writes annotations.
 */
export const stack = {
  url: process.env.GRAFANA_URL || 'http://127.0.0.1:3000',
  admin: {
    user: setting('GRAFANA_ADMIN_USER') || 'admin',
    password: setting('GRAFANA_ADMIN_PASSWORD') || 'admin',
  },
  /** Empty: the address and the key that Grafana holds stay as they are. */
  analyzerUrl: process.env.SONDE_URL ?? '',
  analyzerKey: setting('SONDE_KEY'),
} as const;

function setting(name: string): string {
  return process.env[name] ?? ofCompose[name] ?? '';
}
