import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import type { TestContext } from 'node:test';

/** Stands before a server: counts the live tails that are opened through it, and can cut and refuse connections. */
export class TcpProxy {
  readonly url: string;
  tailsOpened = 0;
  /** Those of them that are still there. */
  tailsOpen = 0;
  /** Hangs up on whoever connects. */
  refuses = false;
  readonly #sockets: Set<Socket>;

  private constructor(url: string, sockets: Set<Socket>) {
    this.url = url;
    this.#sockets = sockets;
  }

  static async before(context: Pick<TestContext, 'after'>, targetUrl: string): Promise<TcpProxy> {
    const target = new URL(targetUrl);
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      if (proxy.refuses) {
        client.destroy();
        return;
      }
      const upstream = connect(Number(target.port), target.hostname);
      client.once('data', (chunk: Buffer) => {
        if (!chunk.toString('latin1').startsWith('GET /loki/api/v1/tail')) return;
        proxy.tailsOpened++;
        proxy.tailsOpen++;
        client.once('close', () => proxy.tailsOpen--);
      });
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new TcpProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets);
    context.after(() => {
      proxy.cut();
      server.close();
    });
    return proxy;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
