import { ParallelMiner } from '../src/engine/templates/parallel-miner.ts';
import { TemplateMiner } from '../src/engine/templates/template-miner.ts';

/** Millions of lines a second. */
export interface TemplateSpeed {
  /** One thread, bytes in memory, by the clock and by the time on the processor. */
  readonly wall: number;
  readonly cpu: number;
  /** The same lines as an array of strings. */
  readonly strings: number;
  readonly lineBytes: number;
}

const RUNS = 3;

/** Repeats the lines to `linesMin` and takes the best of three runs, each with a new miner. */
export function measureSpeed(lines: readonly string[], linesMin: number): TemplateSpeed {
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const repeats = Math.ceil(linesMin / lines.length);
  const count = repeats * lines.length;
  const best = { wall: 0, cpu: 0, strings: 0 };
  for (let run = 0; run < RUNS; run++) {
    const measured = timed(() => {
      const miner = new TemplateMiner();
      for (let i = 0; i < repeats; i++) miner.addLines(bytes);
      return miner.templates();
    });
    best.wall = Math.max(best.wall, count / measured.wallUs);
    best.cpu = Math.max(best.cpu, count / measured.cpuUs);
  }
  const strings = timed(() => {
    const miner = new TemplateMiner();
    for (let i = 0; i < repeats; i++) for (const line of lines) miner.add(line);
    return miner.templates();
  });
  return { ...best, strings: count / strings.wallUs, lineBytes: bytes.length / lines.length };
}

/** How many times faster two threads are than one, threads started and warm in both cases. */
export async function measureThreads(
  lines: readonly string[],
  linesMin: number,
): Promise<{ one: number; two: number }> {
  const text = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const repeats = Math.ceil(linesMin / lines.length);
  const bytes = new Uint8Array(new SharedArrayBuffer(text.length * repeats));
  for (let i = 0; i < repeats; i++) bytes.set(text, i * text.length);
  const millionLines = (repeats * lines.length) / 1e6;
  const speeds: number[] = [];
  for (const threads of [1, 2]) {
    const miner = new ParallelMiner({ threads });
    let best = 0;
    for (let run = 0; run <= RUNS; run++) {
      const start = performance.now();
      await miner.mine(bytes);
      if (run > 0) best = Math.max(best, (millionLines * 1000) / (performance.now() - start));
    }
    await miner.close();
    speeds.push(best);
  }
  return { one: speeds[0]!, two: speeds[1]! };
}

function timed(work: () => unknown): { readonly wallUs: number; readonly cpuUs: number } {
  const cpu = process.cpuUsage();
  const start = performance.now();
  work();
  return { wallUs: (performance.now() - start) * 1000, cpuUs: process.cpuUsage(cpu).user };
}
