import type { Outlet } from './client-queue.ts';
import type { StreamFilter } from './schema.ts';
import type { StreamManager } from './stream-manager.ts';

/** The body of server-sent events for one client. Throws `invalid_request` or `too_many_requests`. */
export function serveEventSource(
  streams: StreamManager,
  filter: StreamFilter,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let wake: (() => void) | null = null;
  const outlet: Outlet = {
    waitingBytes: () => waitingBytes,
    send: ({ type, json }) => {
      const event = Buffer.concat([Buffer.from(`event: ${type}\ndata: `), json, Buffer.from('\n\n')]);
      waiting.push(event);
      waitingBytes += event.length;
      wake?.();
    },
  };
  const stopped = new AbortController();
  const watcher = streams.watch(outlet, () => stopped.abort());
  const ended = AbortSignal.any([signal, stopped.signal]);
  const close = () => {
    watcher.close();
    wake?.();
  };
  ended.addEventListener('abort', close, { once: true });
  try {
    watcher.subscribe(filter);
  } catch (error) {
    close();
    throw error;
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (waiting.length === 0 && !ended.aborted) await new Promise<void>((resolve) => (wake = resolve));
        wake = null;
        const event = waiting.shift();
        if (event) {
          waitingBytes -= event.length;
          controller.enqueue(event);
        } else controller.close();
      },
      cancel: () => stopped.abort(),
    },
    { highWaterMark: 0 },
  );
}
