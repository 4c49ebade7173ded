import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Evaluation data lies beside the project, not in it. Answers the folder, or the reason to skip the test;
 * in CI a missing folder is a failure.
 */
export function sharedData(name: string): { readonly path: string; readonly skip: string | false } {
  const path = fileURLToPath(new URL(`../../../../../shared/${name}`, import.meta.url));
  if (existsSync(path)) return { path, skip: false };
  const reason = `evaluation data is missing: ../shared/${name} does not exist beside the project`;
  if (process.env.CI) throw new Error(reason);
  return { path, skip: reason };
}
