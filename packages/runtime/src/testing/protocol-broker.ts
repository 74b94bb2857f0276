import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach } from 'node:test';
import pino from 'pino';
import { createKafkaClient, type KafkaClientOptions } from '../kafka-client.ts';
import type { KafkaSettings } from '../variables.ts';

export const apiVersions = 18;
export const metadata = 3;
export const saslHandshake = 17;
export const saslAuthenticate = 36;
export const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

export const int16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
export const int32 = (value: number) => Buffer.concat([int16(value >>> 16), int16(value & 0xffff)]);
export const text = (value: string) => Buffer.concat([int16(value.length), Buffer.from(value)]);
const array = (items: Buffer[]) => Buffer.concat([int32(items.length), ...items]);

/** An answer other than the usual one; none where it is empty. */
export type Answer = (apiKey: number, request: Buffer, connection: number) => Buffer | undefined;
export const noAnswer = Buffer.alloc(0);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/**
 * A broker of one topic that speaks the few requests a client begins with (https://kafka.apache.org/protocol). With
 * `sessionMs` it limits SASL sessions.
 */
export async function startBroker(
  answer: Answer = () => undefined,
  options: { topicError?: number; sessionMs?: number; port?: number } = {},
) {
  const { topicError = 0, sessionMs = 0 } = options;
  const requests: { apiKey: number; body: Buffer }[] = [];
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    const connection = sockets.push(socket.on('error', () => {}));
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readUInt32BE()) {
        const request = received.subarray(4, 4 + received.readUInt32BE());
        received = received.subarray(4 + request.length);
        const apiKey = request.readInt16BE();
        requests.push({ apiKey, body: request.subarray(8) });
        const body =
          answer(apiKey, request, connection) ?? usualAnswer(apiKey, port, topicError, sessionMs);
        if (body.length === 0) continue;
        socket.write(Buffer.concat([int32(body.length + 4), request.subarray(4, 8), body]));
      }
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    address: `127.0.0.1:${port}`,
    requests,
    sockets,
    server,
  };
}

function usualAnswer(apiKey: number, port: number, topicError: number, sessionMs: number): Buffer {
  const upTo = (key: number, version: number) =>
    Buffer.concat([int16(key), int16(0), int16(version)]);
  switch (apiKey) {
    case apiVersions: {
      const versions = [metadata, saslHandshake, apiVersions].map((key) => upTo(key, 1));
      return Buffer.concat([
        int16(0),
        array([...versions, upTo(saslAuthenticate, sessionMs > 0 ? 1 : 0)]),
        int32(0),
      ]);
    }
    case saslHandshake:
      return Buffer.concat([int16(0), array([...mechanisms, 'OAUTHBEARER'].map(text))]);
    case saslAuthenticate:
      return Buffer.concat([
        ...[int16(0), int16(-1), int32(0)],
        ...(sessionMs > 0 ? [int32(0), int32(sessionMs)] : []),
      ]);
    default: {
      const broker = Buffer.concat([int32(1), text('127.0.0.1'), int32(port), int16(-1)]);
      const replicas = [array([int32(1)]), array([int32(1)])];
      const partition = Buffer.concat([int16(0), int32(0), int32(1), ...replicas]);
      const topic = [int16(topicError), text('orders'), Buffer.from([0])];
      const partitions = array(topicError === 0 ? [partition] : []);
      const topics = array([Buffer.concat([...topic, partitions])]);
      return Buffer.concat([array([broker]), int32(1), topics]);
    }
  }
}

export function clientOf(
  addresses: string | string[],
  settings: Partial<KafkaSettings> = {},
  options: Partial<KafkaClientOptions> = {},
) {
  const lines: { level: number; msg: string; broker?: string; library?: string }[] = [];
  const logger = pino(
    { level: 'trace' },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  );
  const client = createKafkaClient(
    { BOOTSTRAP_SERVERS: [addresses].flat(), SECURITY_PROTOCOL: 'PLAINTEXT', ...settings },
    { logger, clientId: 'unit', ...options },
  );
  cleanups.push(() => client.close());
  return { client, lines };
}
