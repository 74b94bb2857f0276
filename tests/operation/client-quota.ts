import { once } from 'node:events';
import { connect } from 'node:net';

const alterClientQuotas = 49;

/** Limits the bytes that clients with this id fetch from the broker. kafkajs has no such request. */
export async function limitFetches(
  bootstrapServers: string,
  clientId: string,
  bytesPerSecond: number,
): Promise<void> {
  const [host, port] = bootstrapServers.split(':') as [string, string];
  const socket = connect(Number(port), host);
  // AlterClientQuotas, version 0: one entity `client-id`, one operation that sets `consumer_byte_rate`.
  const body = Buffer.concat([
    ...[int16(alterClientQuotas), int16(0), int32(1), text('tests')],
    ...[int32(1), int32(1), text('client-id'), text(clientId)],
    ...[int32(1), text('consumer_byte_rate'), float64(bytesPerSecond), Buffer.from([0])],
    Buffer.from([0]),
  ]);
  socket.write(Buffer.concat([int32(body.length), body]));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  // Size, correlation id, throttle time and the number of entries come before the error code.
  const errorCode = answer.readInt16BE(16);
  if (errorCode !== 0) throw new Error(`AlterClientQuotas: error code ${errorCode}`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
}
