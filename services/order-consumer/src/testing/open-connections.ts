import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The connections of a server that are open. From now on, only their clients end them. */
export function openConnections(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.keepAliveTimeout = 0;
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}
