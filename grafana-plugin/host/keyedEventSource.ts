import { readKey } from './previewSettings';

/** As long as browsers wait before they open a lost stream again. */
const AGAIN_MS = 3_000;

/**
 * Grafana's proxy adds the key to every call. Browsers let a page give none to an EventSource: with a key, the stream is
 * read with fetch, whose header carries it, so that it stands in no address. Without one the browser's own stays.
 */
export function shareEventSource(): void {
  window.EventSource = new Proxy(window.EventSource, {
    construct: (target, parameters: ConstructorParameters<typeof EventSource>) =>
      readKey() ? new KeyedEventSource(parameters[0]) : new target(...parameters),
  });
}

/** What the plugin uses of an EventSource. A refusal, with its reason, comes as a message of the type `error`. */
class KeyedEventSource extends EventTarget {
  onerror: ((event: Event) => void) | null = null;
  private readonly stopped = new AbortController();

  constructor(url: string | URL) {
    super();
    void this.run(url);
  }

  close(): void {
    this.stopped.abort();
  }

  private async run(url: string | URL): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        await this.followOnce(url, signal);
      } catch {
        // Told below, as the end of a stream is: both are tried again.
      }
      if (signal.aborted) {
        return;
      }
      this.onerror?.(new Event('error'));
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  private async followOnce(url: string | URL, signal: AbortSignal): Promise<void> {
    const headers = { accept: 'text/event-stream', 'x-api-key': readKey() };
    const response = await fetch(url, { headers, signal, cache: 'no-store' });
    if (!response.ok) {
      return this.refuse(await reasonOf(response));
    }
    let text = '';
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) {
        return;
      }
      text += decoder.decode(value, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        this.tell(event);
      }
    }
  }

  private tell(event: string): void {
    const field = (name: string) =>
      event
        .split('\n')
        .filter((line) => line.startsWith(`${name}: `))
        .map((line) => line.slice(name.length + 2))
        .join('\n');
    this.dispatchEvent(new MessageEvent(field('event') || 'message', { data: field('data') }));
  }

  /** Ends it, as browsers do after any answer that is no stream. */
  private refuse(reason: { readonly code: string; readonly message: string }): void {
    this.close();
    this.dispatchEvent(new MessageEvent('error', { data: JSON.stringify({ type: 'error', ...reason }) }));
  }
}

async function reasonOf(response: Response): Promise<{ readonly code: string; readonly message: string }> {
  try {
    return ((await response.json()) as { error: { code: string; message: string } }).error;
  } catch {
    return { code: 'internal', message: `The analyzer answered with the status ${response.status}.` };
  }
}
