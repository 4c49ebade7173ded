// Installs what the plugin's build needs and builds the plugin and its standalone page, unless they are built already.
// Plain JavaScript without dependencies: it runs before anything is installed. Says how far it is in .build-state.json.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const stateFile = path.join(here, '.build-state.json');
const installedMark = path.join(here, 'node_modules/.installed-from');
const SOURCES = [
  'src',
  'host',
  '../dashboards',
  '.config',
  'webpack.config.ts',
  'tsconfig.json',
  '.swcrc',
  'package.json',
];

const locked = hashOf(['package-lock.json']);
const wanted = hashOf(['package-lock.json', ...SOURCES]);

if (process.argv.includes('--force') || !isBuilt()) await makeAll();

async function makeAll() {
  try {
    if (!existsSync(installedMark) || readFileSync(installedMark, 'utf8') !== locked) {
      tell("Installing the packages of the plugin's build (about a minute the first time) ...");
      await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
      writeFileSync(installedMark, locked);
    }
    tell('Building the page (about half a minute the first time) ...');
    await run(process.execPath, [
      'node_modules/webpack-cli/bin/cli.js',
      '-c',
      'webpack.config.ts',
      '--env',
      'production',
    ]);
    await run(process.execPath, ['host/build.mjs']);
    writeState({ built: true, message: 'Built.', from: wanted });
    console.log('The page is built.');
  } catch (error) {
    const message = `The page could not be built: ${error.message} "npm run plugin:build" tries again; the analyzer runs without it.`;
    writeState({ built: false, message });
    console.error(message);
    process.exitCode = 1;
  }
}

function isBuilt() {
  try {
    const { built, from } = JSON.parse(readFileSync(stateFile, 'utf8'));
    return built && from === wanted && existsSync(path.join(here, 'dist/module.js'));
  } catch {
    return false;
  }
}

function tell(message) {
  writeState({ built: false, message });
  console.log(message);
}

/** Never half a file: the analyzer may read it at any time. */
function writeState(state) {
  writeFileSync(`${stateFile}.new`, `${JSON.stringify(state)}\n`);
  renameSync(`${stateFile}.new`, stateFile);
}

/** Resolves when the command went well; otherwise throws one sentence with what it said last. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const bin = path.join(here, 'node_modules/.bin');
    const env = {
      ...process.env,
      PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
      PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
    };
    const child = spawn(command, args, { cwd: here, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output = (output + String(chunk)).slice(-20_000)));
    child.on('error', (error) => reject(new Error(`${command} could not be started (${error.message}).`)));
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(reasonIn(output, command)))));
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  });
}

function reasonIn(output, command) {
  const lines = output.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => /error|ENOSPC|ENOTFOUND|cannot/i.test(line)).slice(0, 3);
  return `${path.basename(command)} failed. ${telling.join(' ').slice(0, 500)}`.trim();
}

/** Of names and contents of files, and of all files in folders. */
function hashOf(names) {
  const hash = createHash('sha256');
  for (const name of names.flatMap(filesIn))
    hash.update(`${name}\0`).update(readFileSync(path.join(here, name)));
  return hash.digest('hex');
}

function filesIn(name) {
  const isFolder = !/\.(json|ts)$|^\.swcrc$/.test(name);
  if (!isFolder) return [name];
  return readdirSync(path.join(here, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(here, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith(`host${path.sep}dist`))
    .sort();
}
