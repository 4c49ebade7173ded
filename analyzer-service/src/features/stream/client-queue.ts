import type { ServerMessage } from './schema.ts';

/** Where a client's messages go: a WebSocket or a response of server-sent events. */
export interface Outlet {
  /** Bytes that were sent and have not left this process. */
  waitingBytes(): number;
  send(message: EncodedMessage): void;
}

/** A message as text, written once for all clients that get it. */
export interface EncodedMessage {
  readonly type: ServerMessage['type'];
  readonly json: Buffer;
  /** Lines that a client misses when it does not get this. */
  readonly lines: number;
}

export function encode(message: ServerMessage): EncodedMessage {
  const lines = message.type === 'lines' ? message.lines.length : 0;
  return { type: message.type, json: Buffer.from(JSON.stringify(message)), lines };
}

/** What waits for one client is bounded: what does not fit is left out, counted, and told as soon as there is room. */
export class ClientQueue {
  readonly #outlet: Outlet;
  readonly #bytesMax: number;
  #missedLines = 0;

  constructor(outlet: Outlet, bytesMax: number) {
    this.#outlet = outlet;
    this.#bytesMax = bytesMax;
  }

  push(message: EncodedMessage): void {
    const waiting = this.#outlet.waitingBytes();
    if (waiting > 0 && waiting + message.json.length > this.#bytesMax) {
      this.#missedLines += message.lines;
      return;
    }
    if (this.#missedLines > 0) {
      this.#outlet.send(encode({ type: 'missed', lines: this.#missedLines, reason: 'slow_client' }));
      this.#missedLines = 0;
    }
    this.#outlet.send(message);
  }
}
