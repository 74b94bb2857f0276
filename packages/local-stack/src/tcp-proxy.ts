import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Kafka's API key of the Produce request (protocol guide, "Api Keys"). */
export const produceApi = 0;

/** Handles an answer of the broker before the client gets it. Returns whether the client gets it. */
type AnswerHandler = (answer: Buffer, client: Socket) => boolean;

export type TcpProxy = Awaited<ReturnType<typeof createTcpProxy>>;

/** Starts a proxy that parses Kafka's framing: 4 bytes of size, then API key, version and correlation id. */
export async function createTcpProxy(options: { targetPort: number; port?: number }) {
  const sockets = new Set<Socket>();
  /** By API key. */
  const awaited = new Map<number, AnswerHandler>();

  const server = createServer((client) => {
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
    /** By correlation id. */
    const handlers = new Map<number, AnswerHandler>();
    onFrame(client, (frame) => {
      const apiKey = frame.readInt16BE(4);
      const handler = awaited.get(apiKey);
      if (handler !== undefined) handlers.set(frame.readInt32BE(8), handler);
      awaited.delete(apiKey);
      broker.write(frame);
    });
    onFrame(broker, (frame) => {
      const correlationId = frame.readInt32BE(4);
      const isPassed = handlers.get(correlationId)?.(frame, client) ?? true;
      handlers.delete(correlationId);
      if (isPassed && !client.destroyed) client.write(frame);
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    /**
     * Drops the next answer to this request, after the broker has handled the request. With `cut`, the client's
     * connection is closed. With `silence`, the client gets no answer. Resolves when the answer was dropped.
     */
    dropNextAnswer: (apiKey: number, then: 'cut' | 'silence') =>
      new Promise<void>((dropped) => {
        awaited.set(apiKey, (_, client) => {
          if (then === 'cut') client.destroy();
          dropped();
          return false;
        });
      }),
    /** Passes the next answer to this request through `rewrite`, which changes the frame in place. */
    rewriteNextAnswer(apiKey: number, rewrite: (frame: Buffer) => void): void {
      awaited.set(apiKey, (frame) => {
        rewrite(frame);
        return true;
      });
    },
    async close(): Promise<void> {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
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
