import { spawnSync } from 'node:child_process';

/** Tokens a second that llama.cpp's own tool writes with the same file; null where it is not installed. */
export function llamaBench(file: string, threads: number): number | null {
  const args = ['-m', file, '-t', String(threads), '-p', '0', '-n', '128', '-ngl', '0', '-o', 'json'];
  const { error, status, stdout, stderr } = spawnSync('llama-bench', args, { encoding: 'utf8' });
  if (error && 'code' in error && error.code === 'ENOENT') return null;
  if (error || status !== 0) throw new Error(`llama-bench failed: ${error?.message ?? stderr.slice(-500)}`);
  const [run] = JSON.parse(stdout) as readonly { readonly avg_ts: number }[];
  return run?.avg_ts ?? null;
}
