// Run as a process of its own: mines the files named on the command line over and over, and prints its peak memory.
import { readFileSync } from 'node:fs';
import { TemplateMiner } from '../src/engine/templates/template-miner.ts';

const [linesMin, ...files] = process.argv.slice(2);
const miner = new TemplateMiner();
while (files.length > 0 && miner.lineCount < Number(linesMin))
  for (const file of files) miner.addLines(readFileSync(file));
console.log(
  JSON.stringify({
    lines: miner.lineCount,
    templates: miner.templates().length,
    peakMB: Math.round(process.resourceUsage().maxRSS / 1000),
  }),
);
