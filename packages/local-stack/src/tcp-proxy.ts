import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Kafka's API key of the Produce request (protocol guide, "Api Keys"). */
export const produceApi = 0;

export interface TcpProxy {
  port: number;
  /** Closes every connection. New connections are accepted. */
  cut(): void;
  /** Closes every connection and refuses new ones until `open()`. */
  block(): void;
  open(): void;
  /** Delays every answer. 0 ends the delay. */
  delayAnswers(delayMs: number): void;
  /**
   * Drops the next answer to this request, after the broker has handled the request. With `cut`, the client's connection
   * is closed. With `silence`, the client gets no answer. Resolves when the answer was dropped.
   */
  dropNextAnswer(apiKey: number, then: 'cut' | 'silence'): Promise<void>;
  /** Passes the next answer to this request through `rewrite`, which changes the frame in place. */
  rewriteNextAnswer(apiKey: number, rewrite: (frame: Buffer) => void): void;
  close(): Promise<void>;
}

interface AwaitedDrop {
  apiKey: number;
  then: 'cut' | 'silence';
  dropped: () => void;
}

/** Starts a proxy that parses Kafka's framing: 4 bytes of size, then API key, version and correlation id. */
export async function createTcpProxy(options: {
  targetPort: number;
  port?: number;
}): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let blocked = false;
  let delayMs = 0;
  let awaited: AwaitedDrop | undefined;
  let rewriting: { apiKey: number; rewrite: (frame: Buffer) => void } | undefined;

  const server = createServer((client) => {
    if (blocked) {
      client.destroy();
      return;
    }
    const broker = connect({ port: options.targetPort, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(socket);
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      // Both sides may close at any time, because tests kill them.
      socket.on('error', () => {});
    }
    const drops = new Map<number, AwaitedDrop>();
    const rewrites = new Map<number, (frame: Buffer) => void>();
    onFrame(client, (frame) => {
      if (rewriting !== undefined && frame.readInt16BE(4) === rewriting.apiKey) {
        rewrites.set(frame.readInt32BE(8), rewriting.rewrite);
        rewriting = undefined;
      }
      if (awaited !== undefined && frame.readInt16BE(4) === awaited.apiKey) {
        drops.set(frame.readInt32BE(8), awaited);
        awaited = undefined;
      }
      broker.write(frame);
    });
    let answered = Promise.resolve();
    onFrame(broker, (frame) => {
      rewrites.get(frame.readInt32BE(4))?.(frame);
      rewrites.delete(frame.readInt32BE(4));
      const drop = drops.get(frame.readInt32BE(4));
      if (drop !== undefined) {
        drops.delete(frame.readInt32BE(4));
        if (drop.then === 'cut') client.destroy();
        drop.dropped();
        return;
      }
      if (delayMs > 0) {
        const later = new Promise((resolve) => setTimeout(resolve, delayMs));
        answered = answered
          .then(() => later)
          .then(() => {
            if (!client.destroyed) client.write(frame);
          });
      } else answered = answered.then(() => void (client.destroyed || client.write(frame)));
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    cut,
    block() {
      blocked = true;
      cut();
    },
    open() {
      blocked = false;
    },
    delayAnswers(newDelayMs) {
      delayMs = newDelayMs;
    },
    dropNextAnswer: (apiKey, then) =>
      new Promise((dropped) => {
        awaited = { apiKey, then, dropped };
      }),
    rewriteNextAnswer(apiKey, rewrite) {
      rewriting = { apiKey, rewrite };
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

function onFrame(socket: Socket, handle: (frame: Buffer) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= 4) {
      const size = 4 + pending.readInt32BE(0);
      if (pending.length < size) return;
      handle(pending.subarray(0, size));
      pending = pending.subarray(size);
    }
  });
}
