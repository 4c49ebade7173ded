import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { ServerMessage } from '../features/stream/schema.ts';

type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** A client of the live stream that keeps what it gets. */
export class StreamClient {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  #wake = Promise.withResolvers<void>();

  constructor(context: Pick<TestContext, 'after'>, serviceUrl: string) {
    this.socket = new WebSocket(`${serviceUrl.replace(/^http/, 'ws')}/api/v1/ai_logs/stream`);
    this.socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString('utf8')) as ServerMessage);
      this.#wake.resolve();
      this.#wake = Promise.withResolvers();
    });
    context.after(() => this.socket.terminate());
  }

  get texts(): string[] {
    return this.messages.flatMap((message) =>
      message.type === 'lines' ? message.lines.map(({ line }) => line) : [],
    );
  }

  /** Subscribes and waits until the tail is open. */
  async subscribe(filter: object = {}): Promise<void> {
    if (this.socket.readyState === this.socket.CONNECTING) await once(this.socket, 'open');
    const before = this.messages.length;
    this.send({ type: 'subscribe', known_patterns: false, ...filter });
    await this.until(() =>
      this.messages.slice(before).some(({ type }) => type === 'subscribed' || type === 'error'),
    );
    await this.until(() => this.messages.findLast(({ type }) => type === 'source')?.type === 'source');
    await this.until(() => (this.latest('source')?.state ?? 'live') === 'live');
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  latest<Type extends ServerMessage['type']>(type: Type): MessageOf<Type> | undefined {
    return this.messages.findLast((message): message is MessageOf<Type> => message.type === type);
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.#wake.promise;
  }
}
