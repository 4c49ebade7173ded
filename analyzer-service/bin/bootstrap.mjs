// Runs the project's own Node with the given arguments, after installing what is missing.
// Plain JavaScript without dependencies: this file runs under whatever Node the machine has, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const nodeBinary = path.join(root, 'node_modules/.bin/node');
const installedMark = path.join(root, 'node_modules/.installed-from');

installWhatIsMissing();
runNode(process.argv.slice(2));

function installWhatIsMissing() {
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(nodeBinary) && existsSync(installedMark) && readFileSync(installedMark, 'utf8') === wanted)
    return;
  console.error('Installing packages with npm ci (about half a minute the first time) ...');
  const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (install.status !== 0 || !existsSync(nodeBinary)) stopBecauseOf(install);
  writeFileSync(installedMark, wanted);
}

function stopBecauseOf(install) {
  const output = `${install.stderr ?? ''}${install.stdout ?? ''}`.trim();
  const reason = /ENOSPC|no space left/i.test(output)
    ? 'the disk is full: free about 1 GB and run the command again'
    : install.error
      ? `npm could not be started (${install.error.message}): install Node.js 20 or newer with npm`
      : firstLines(output) || 'npm ci left no Node behind: run "npm ci" without --ignore-scripts';
  console.error(`Could not install the packages: ${reason}`);
  process.exit(1);
}

/** npm says what is wrong first, and then explains its options at length. */
function firstLines(output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm error\s*/, '').trim());
  return lines.filter(Boolean).slice(0, 4).join(' ');
}

function runNode(args) {
  const env = {
    // In bytes. The C library of Linux otherwise keeps tens of megabytes of an unloaded model for later.
    MALLOC_MMAP_THRESHOLD_: '131072',
    ...process.env,
    PATH: `${path.dirname(nodeBinary)}${path.delimiter}${process.env.PATH ?? ''}`,
  };
  const child = spawn(nodeBinary, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(
      `Could not start ${nodeBinary}: ${error.message}. Remove node_modules and run the command again.`,
    );
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
