import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { awsOperationOf } from './aws-operation.ts';
import { createInterceptions } from './interception.ts';

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer | string;
}

/** A request to an AWS API that a rule took. The client waits until `reply` or `cut`. */
export interface AwsExchange {
  /** The operation: `PutItem`, `UploadPart`, … */
  request: string;
  method: string;
  /** Path and query. */
  url: string;
  body: Buffer;
  /** Sends the request to the store and resolves with the answer. Works after the client has died as well. */
  forward(): Promise<HttpAnswer>;
  /** Sends the headers and the first bytes of the body to the store, then closes that connection. */
  forwardPart(bytes: number): Promise<void>;
  reply(answer: HttpAnswer): void;
  /** Closes the client's connection without an answer. */
  cut(): void;
}

export type AwsProxy = Awaited<ReturnType<typeof createAwsProxy>>;

/** Starts a proxy before a stand-in for AWS APIs. Such stores do not check signatures, so the request may change its host. */
export async function createAwsProxy(options: { target: string }) {
  const { hostname, port: targetPort } = new URL(options.target);
  const interceptions = createInterceptions<AwsExchange>();
  const sockets = new Set<Socket>();
  let isDown = false;
  let refused = 0;

  const server = createServer(async (message, response) => {
    // A client that was killed sends no end.
    const body = await buffer(message).catch(() => undefined);
    if (body === undefined) return;
    const exchange = exchangeOf(message, response, body);
    if (!interceptions.take(exchange)) exchange.reply(await exchange.forward());
  });
  server.on('connection', (socket) => {
    if (isDown) {
      refused += 1;
      socket.destroy();
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  function exchangeOf(
    message: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ): AwsExchange {
    const { method = 'GET', url = '/' } = message;
    const { expect, connection, ...headers } = message.headers;
    const open = () => {
      const { 'transfer-encoding': chunked, ...own } = headers;
      const length = { 'content-length': String(body.length) };
      return request({
        ...{ hostname, port: targetPort, method, path: url, agent: false },
        headers: { ...own, ...length },
      });
    };
    return {
      request: awsOperationOf({ method, url, headers, body }),
      method,
      url,
      body,
      async forward() {
        const outgoing = open().end(body);
        try {
          const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
          const { statusCode: status = 0, headers: received } = answer;
          return { status, headers: received, body: await buffer(answer) };
        } catch {
          const text = 'the proxy found no store';
          return { status: 503, headers: { 'content-type': 'text/plain' }, body: text };
        }
      },
      async forwardPart(bytes) {
        const outgoing = open();
        outgoing.on('error', () => {});
        await new Promise<void>((resolve) =>
          outgoing.write(body.subarray(0, bytes), () => resolve()),
        );
        outgoing.destroy();
      },
      reply({ status, headers: answered, body: text }) {
        if (response.destroyed) return;
        const { connection: hop, 'transfer-encoding': chunked, ...kept } = answered;
        for (const [name, value] of Object.entries(kept))
          if (value !== undefined) response.setHeader(name, value);
        // The answer to HEAD has the length of a body that it lacks.
        if (method !== 'HEAD') response.setHeader('content-length', Buffer.byteLength(text));
        response.writeHead(status).end(text);
      },
      cut: () => message.socket.destroy(),
    };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    intercept: interceptions.intercept,
    seen: interceptions.seen,
    /** How many new connections were closed because the proxy was down. */
    refused: () => refused,
    /** Closes every connection, and each new one, until `up` is called. */
    down(): void {
      isDown = true;
      for (const socket of sockets) socket.destroy();
    },
    up(): void {
      isDown = false;
    },
    async close(): Promise<void> {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
