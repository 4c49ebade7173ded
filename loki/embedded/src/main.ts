import v8 from 'node:v8';
import { parseArgs } from 'node:util';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { startEmbeddedLoki } from './server.ts';

const USAGE = 'usage: node main.ts [--data DIR] [--port N] [--host H] [--set LIMIT=NUMBER]...';

/**
 * Push bodies are short-lived: with V8's usual young generation they alone would take 150 MB before they
 * are collected.
 */
v8.setFlagsFromString('--semi-space-growth-factor=1');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: 'data/loki' },
      port: { type: 'string', default: '3100' },
      host: { type: 'string', default: '127.0.0.1' },
      set: { type: 'string', multiple: true, default: [] },
    },
  });
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
    throw new Error(`--port ${values.port} is no port. ${USAGE}`);
  const { data: dataDir, host } = values;
  const limits = parseLimits(values.set);
  const loki = await startEmbeddedLoki({ ...limits, dataDir, port: Number(values.port), host });
  for (const repair of loki.repairs) console.error(`repaired: ${repair}`);
  console.log(`Loki-compatible store listening on ${loki.url}, data in ${values.data}`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void loki.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** `--set retentionMs=604800000` and the like. */
function parseLimits(settings: readonly string[]): Partial<Limits> {
  const limits: Record<string, number> = {};
  for (const setting of settings) {
    const [, name = '', value = ''] = /^(\w+)=(\d+)$/.exec(setting) ?? [];
    if (!Object.hasOwn(DEFAULT_LIMITS, name))
      throw new Error(`--set ${setting} sets no limit: choose of ${Object.keys(DEFAULT_LIMITS).join(', ')}`);
    limits[name] = Number(value);
  }
  return limits;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
