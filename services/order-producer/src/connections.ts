import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    connection: Connection;
    /** Its place among the requests of its connection, from 1 on. */
    place: number;
  }
}

/** An HTTP connection. Its answers leave in the order of its requests. */
export interface Connection {
  /** Requests so far. */
  requests: number;
  /** Answers the newest of them. Once it has left, all answers have. */
  newest: FastifyReply | undefined;
  /** Answers the newest request although its body is still arriving; undefined when no body is. */
  rejectBody: ((error: Error) => void) | undefined;
  /** The last request that is processed: the connection ends with its answer (RFC 9112 §9.6). Infinity until decided. */
  last: number;
  /** Bytes that arrive from now on are read and not parsed. */
  dropInput(): void;
}

/** Dropped at most. A client may send some MB before it reads the answer that refuses them. */
const maxDroppedBytes = 64 * 1_048_576;
/** The time that a client has to close its side after the last answer. */
const lingerMs = 5_000;

const connections = new WeakMap<Socket, Connection>();

/** The connection of an injected request has a socket that was never opened. */
export function connectionOf(socket: Socket): Connection {
  return connections.get(socket) ?? track(socket, () => {});
}

export function connectionOpened(socket: Socket): void {
  const connection = track(socket, () => dropInput(socket));
  // Node calls this after the last answer. Its own version closes the socket at once. If the client is still sending, that
  // resets the connection, and the client may never see the answer (RFC 9112 §9.6).
  socket.destroySoon = () => {
    if (socket.writableEnded) return;
    endAfter(connection, connection.requests);
    socket.end();
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => clearTimeout(timer));
  };
}

/** Ends the connection with the answer to the request at `place`. */
export function endAfter(connection: Connection, place: number): void {
  if (connection.last === Number.POSITIVE_INFINITY) connection.dropInput();
  connection.last = Math.min(connection.last, place);
}

/** Adds a request to its connection. Returns false if the connection ends before it: it must not be processed. */
export function requestReceived(request: FastifyRequest, reply: FastifyReply): boolean {
  const connection = connectionOf(request.raw.socket);
  if (connection.last !== Number.POSITIVE_INFINITY) return false;
  connection.newest = reply;
  connection.rejectBody = undefined;
  connection.requests += 1;
  request.connection = connection;
  request.place = connection.requests;
  return true;
}

/**
 * Decides, before an answer is written, whether its connection ends with it. `connection: close` is then among its headers.
 * An answer may precede the end of its request. The rest of the body is dropped.
 */
export function answerReady(
  request: FastifyRequest,
  reply: FastifyReply,
  options: { stopping: boolean; maxBodyBytes: number },
): void {
  const { raw, connection, place } = request;
  const isEarly = raw.complete === false;
  // While Fastify closes, it adds the header to each answer, but only the newest may end the connection.
  if (place < connection.requests && place < connection.last) reply.raw.removeHeader('connection');
  else if (
    options.stopping ||
    place === connection.last ||
    (isEarly && !endsSoon(request, options.maxBodyBytes))
  )
    reply.header('connection', 'close');
  if (reply.hasHeader('connection')) endAfter(connection, place);
  // Node would do so when earlier answers have left.
  else if (isEarly) raw.resume();
}

/** Whether the body of a request that was answered early is sent, and no longer than one that is accepted. */
function endsSoon({ headers }: FastifyRequest, maxBodyBytes: number): boolean {
  return (
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined &&
    Number(headers['content-length'] ?? 0) <= maxBodyBytes
  );
}

function track(socket: Socket, dropInput: () => void): Connection {
  const connection: Connection = {
    requests: 0,
    newest: undefined,
    rejectBody: undefined,
    last: Number.POSITIVE_INFINITY,
    dropInput,
  };
  connections.set(socket, connection);
  return connection;
}

function dropInput(socket: Socket): void {
  const limit = socket.bytesRead + maxDroppedBytes;
  // The only such listener is Node's HTTP parser.
  socket.removeAllListeners('data');
  socket.on('data', () => {
    if (socket.bytesRead <= limit) return;
    // Paused, the socket still carries the answers that are due.
    if (socket.writableEnded) socket.destroy();
    else socket.pause();
  });
  socket.resume();
}
