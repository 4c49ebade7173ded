import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { z } from 'zod';
import type { SocketMessage } from '../http/socket-messages.ts';

/** A client of a conversation that keeps what it gets, checked against the described answers. */
export class SocketClient<Answer extends SocketMessage> {
  readonly socket: WebSocket;
  readonly answers: Answer[] = [];
  #wake = Promise.withResolvers<void>();

  constructor(
    context: Pick<TestContext, 'after'>,
    url: string,
    described: z.ZodType<Answer>,
    headers: Record<string, string> = {},
  ) {
    this.socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
    this.socket.on('message', (data: Buffer) => {
      this.answers.push(described.parse(JSON.parse(data.toString('utf8'))));
      this.#wake.resolve();
      this.#wake = Promise.withResolvers();
    });
    context.after(() => this.socket.terminate());
  }

  async send(message: object | string): Promise<void> {
    if (this.socket.readyState === this.socket.CONNECTING) await once(this.socket, 'open');
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next answer of `type`; those before it are passed over. */
  async next<Type extends Answer['type']>(type: Type): Promise<Extract<Answer, { type: Type }>> {
    for (;;) {
      const at = this.answers.findIndex((answer) => answer.type === type);
      if (at >= 0) return this.answers.splice(0, at + 1).at(-1) as Extract<Answer, { type: Type }>;
      await this.#wake.promise;
    }
  }
}
