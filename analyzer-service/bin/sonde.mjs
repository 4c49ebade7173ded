#!/usr/bin/env node
// The `sonde` command. Runs in this process where Node runs TypeScript by itself, otherwise in the project's own Node.
import { fileURLToPath } from 'node:url';

const cli = new URL('../src/cli.ts', import.meta.url);
if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(cli.href);
} else {
  process.argv.splice(2, 0, fileURLToPath(cli));
  await import('./bootstrap.mjs');
}
