import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** Below everything that answers somebody. */
const PRIORITY = 10;

/**
 * Builds the plugin and its page where they are not built, in a process of its own, and says how far it is. Never
 * throws: without the page the stack still runs. Resolves to whether the page is there.
 */
export async function buildPage(
  pluginDir: string,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const script = path.join(pluginDir, 'build.mjs');
  if (!existsSync(script) || signal.aborted) return false;
  const build = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => build.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  try {
    if (build.pid) setPriority(build.pid, PRIORITY);
    for (const stream of [build.stdout, build.stderr]) {
      createInterface(stream).on('line', (line) => signal.aborted || say(line));
    }
    const [code] = (await once(build, 'close')) as [number | null];
    return code === 0;
  } catch (error) {
    say(`The page could not be built: ${(error as Error).message}. "npm run plugin:build" tries again.`);
    return false;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
