import type { TestContext } from 'node:test';
import { openDatabase } from '../adapters/database/open-database.ts';
import { readConfig } from '../config.ts';

type Settings = Readonly<Record<string, string>>;

/** The database that a service with these settings uses, opened beside it. */
export async function testDatabase(context: Pick<TestContext, 'after'>, settings: Settings) {
  const config = readConfig(settings);
  const open = await openDatabase({
    url: config.DATABASE_URL,
    dataDir: config.DATA_DIR,
    connectionsMax: 2,
    timeoutMs: 5_000,
    onLost: () => undefined,
  });
  context.after(() => open.close());
  return open;
}

/** Asks again and again until it is so; fails after `timeoutMs`. For what another process brings about in its own time. */
export async function eventually(isSo: () => Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const giveUpMs = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > giveUpMs) throw new Error(`not so after ${timeoutMs} ms: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
