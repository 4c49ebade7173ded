import type { CDPSession } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly id2?: { readonly local?: string };
  readonly args: {
    readonly name?: string;
    readonly frame_reporter?: { readonly state?: string };
  };
}

export interface Trace {
  /** From the begin of each frame with something new until it was shown, or given up, in milliseconds. */
  readonly frames: readonly number[];
  /** Of the page's main thread, in milliseconds. */
  readonly tasks: readonly number[];
}

/** The others had nothing new to show. */
const SHOWN_OR_LOST = ['STATE_PRESENTED_ALL', 'STATE_PRESENTED_PARTIAL', 'STATE_DROPPED'];
const CATEGORIES = ['toplevel', 'disabled-by-default-devtools.timeline.frame'];

export async function startTrace(session: CDPSession): Promise<void> {
  await session.send('Tracing.start', {
    transferMode: 'ReturnAsStream',
    traceConfig: { includedCategories: CATEGORIES, excludedCategories: ['*'], recordMode: 'recordUntilFull' },
  });
}

/** Ends the trace and reads what the browser wrote down: frames as its compositor reports them. */
export async function readTrace(session: CDPSession): Promise<Trace> {
  const ended = new Promise<string>((resolve) =>
    session.once('Tracing.tracingComplete', ({ stream }) => resolve(stream ?? '')),
  );
  await session.send('Tracing.end');
  const { traceEvents } = JSON.parse(await readStream(session, await ended)) as {
    traceEvents: readonly TraceEvent[];
  };
  return { frames: framesIn(traceEvents), tasks: tasksIn(traceEvents) };
}

async function readStream(session: CDPSession, handle: string): Promise<string> {
  const chunks: string[] = [];
  for (;;) {
    const { data, eof, base64Encoded } = await session.send('IO.read', { handle });
    chunks.push(base64Encoded ? Buffer.from(data, 'base64').toString('utf8') : data);
    if (eof) {
      return chunks.join('');
    }
  }
}

function framesIn(events: readonly TraceEvent[]): number[] {
  const pages = new Set(mainThreads(events).map(({ pid }) => pid));
  const begun = new Map<string, number>();
  const frames: number[] = [];
  for (const { name, ph, ts, pid, id2, args } of events) {
    if (name !== 'PipelineReporter' || !pages.has(pid)) {
      continue;
    }
    const key = `${pid} ${id2?.local ?? ''}`;
    const start = begun.get(key);
    if (ph === 'b' && SHOWN_OR_LOST.includes(args.frame_reporter?.state ?? '')) {
      begun.set(key, ts);
    } else if (ph === 'e' && start !== undefined) {
      frames.push((ts - start) / 1_000);
      begun.delete(key);
    }
  }
  return frames;
}

function tasksIn(events: readonly TraceEvent[]): number[] {
  const threads = new Set(mainThreads(events).map(({ pid, tid }) => `${pid} ${tid}`));
  return events
    .filter(({ name, pid, tid }) => /(^|::)RunTask$/.test(name) && threads.has(`${pid} ${tid}`))
    .map(({ dur = 0 }) => dur / 1_000);
}

function mainThreads(events: readonly TraceEvent[]): readonly TraceEvent[] {
  return events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
}
