import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createInterceptions } from './interception.ts';
import { kafkaApiOf } from './kafka-api.ts';

/** A request of a Kafka client that a rule took. Until it is forwarded or cut, later requests of its connection wait. */
export interface KafkaExchange {
  /** Kafka's name: `Produce`, `OffsetCommit`, … */
  request: string;
  /** The whole request, with its size. */
  frame: Buffer;
  /**
   * Sends the request to the broker and resolves with the answer. Works after the client has died as well. Rejects when the
   * broker closes the connection.
   */
  forward(): Promise<Buffer>;
  reply(answer: Buffer): void;
  /** Closes the client's connection. The broker's stays open until each forwarded request has its answer. */
  cut(): void;
}

export type TcpProxy = Awaited<ReturnType<typeof createTcpProxy>>;

/** Starts a proxy that parses Kafka's framing: 4 bytes of size, then API key, version and correlation id. */
export async function createTcpProxy(options: { targetPort: number; port?: number }) {
  const sockets = new Set<Socket>();
  const interceptions = createInterceptions<KafkaExchange>();

  const server = createServer((client) => {
    const broker = connect({ port: options.targetPort, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    /** By correlation id: the answers that a handler waits for. */
    const awaited = new Map<number, PromiseWithResolvers<Buffer>>();
    /** Requests behind one that a handler holds. */
    const waiting: Buffer[] = [];
    let isHeld = false;

    for (const socket of [client, broker]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // Both sides may close at any time, because tests kill them.
      socket.on('error', () => {});
    }
    const closed = new Error('the broker closed the connection');
    broker.once('close', () => {
      client.destroy();
      for (const { reject } of awaited.values()) reject(closed);
      awaited.clear();
    });
    client.once('close', endBroker);
    /** A request that a handler has taken may still be on its way to the broker, as if the network had delayed it. */
    function endBroker(): void {
      if (client.destroyed && !isHeld && awaited.size === 0) broker.destroy();
    }

    function pass(frame: Buffer): void {
      if (isHeld) {
        waiting.push(frame);
        return;
      }
      // A handler may forward at once.
      isHeld = true;
      if (interceptions.take(exchangeOf(frame))) return;
      isHeld = false;
      broker.write(frame);
    }
    function release(): void {
      isHeld = false;
      for (const frame of waiting.splice(0)) pass(frame);
    }
    function exchangeOf(frame: Buffer): KafkaExchange {
      const correlationId = frame.readInt32BE(8);
      return {
        request: kafkaApiOf(frame),
        frame,
        forward() {
          const answered = Promise.withResolvers<Buffer>();
          if (broker.closed) answered.reject(closed);
          else {
            awaited.set(correlationId, answered);
            broker.write(frame);
          }
          release();
          return answered.promise;
        },
        reply: (answer) => client.destroyed || client.write(answer),
        cut() {
          client.destroy();
          waiting.length = 0;
          release();
          endBroker();
        },
      };
    }
    onFrame(client, pass);
    onFrame(broker, (frame) => {
      const correlationId = frame.readInt32BE(4);
      const answered = awaited.get(correlationId);
      awaited.delete(correlationId);
      if (answered !== undefined) {
        answered.resolve(frame);
        endBroker();
      } else if (!client.destroyed) client.write(frame);
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    intercept: interceptions.intercept,
    seen: interceptions.seen,
    /**
     * Drops the next answer to this request, after the broker has handled the request. With `cut`, the client's
     * connection is closed. With `silence`, the client gets no answer. Resolves when the answer was dropped.
     */
    dropNextAnswer: (request: string, then: 'cut' | 'silence') =>
      new Promise<void>((dropped) => {
        interceptions.intercept({ request }, async (exchange) => {
          await exchange.forward();
          if (then === 'cut') exchange.cut();
          dropped();
        });
      }),
    /** Passes the next answer to this request through `rewrite`, which changes the frame in place. */
    rewriteNextAnswer(request: string, rewrite: (frame: Buffer) => void): void {
      interceptions.intercept({ request }, async (exchange) => {
        const answer = await exchange.forward();
        rewrite(answer);
        exchange.reply(answer);
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
