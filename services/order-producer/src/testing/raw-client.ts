import { connect, type Socket } from 'node:net';

/** A TCP client that sends bytes as they are, and collects what the server answers. */
export function connectRaw(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let received = '';
  let error: NodeJS.ErrnoException | undefined;
  socket.setEncoding('latin1');
  socket.on('data', (text) => {
    received += text;
  });
  socket.on('error', (cause) => {
    error = cause;
  });
  const ended = new Promise<void>((resolve) => {
    socket.on('end', resolve);
    socket.on('close', () => resolve());
  });
  return {
    socket,
    send: (...pieces: (string | Buffer)[]) => sendAll(socket, pieces),
    text: () => received,
    statuses: () => statusesIn(received),
    /** Resolves with all answers when the server has ended its side. @throws the socket's error, such as ECONNRESET */
    async answers() {
      await ended;
      socket.end();
      if (error !== undefined) throw error;
      return { text: received, statuses: statusesIn(received) };
    },
  };
}

async function sendAll(socket: Socket, pieces: readonly (string | Buffer)[]): Promise<void> {
  for (const piece of pieces)
    await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
}

const statusesIn = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** One request as bytes. The body's length is declared unless `headers` says otherwise. */
export function rawRequest(
  body: string | Buffer,
  options: {
    method?: string;
    path?: string;
    version?: string;
    headers?: Record<string, string | number>;
  } = {},
): Buffer {
  const { method = 'POST', path = '/orders', version = '1.1' } = options;
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    ...options.headers,
  };
  if (!('content-length' in headers || 'transfer-encoding' in headers))
    headers['content-length'] = Buffer.byteLength(body);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/${version}\r\nhost: x\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}
