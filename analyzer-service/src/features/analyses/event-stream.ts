import type { Analyses } from './analyses.ts';

/** The events of one analysis until it is over, as the body of an answer. */
export function eventsOf(analyses: Analyses, id: string, caller: AbortSignal): ReadableStream<Uint8Array> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([caller, stopped.signal]);
  const events = messages(analyses, id, signal);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await events.next();
        if (done) controller.close();
        else controller.enqueue(Buffer.from(`event: ${value.type}\ndata: ${JSON.stringify(value.data)}\n\n`));
      },
      cancel: () => stopped.abort(),
    },
    { highWaterMark: 0 },
  );
}

async function* messages(analyses: Analyses, id: string, signal: AbortSignal) {
  for await (const head of analyses.follow(id, signal)) yield { type: 'analysis_status', data: head };
  if (!signal.aborted) yield { type: 'analysis_result', data: await analyses.one(id) };
}
