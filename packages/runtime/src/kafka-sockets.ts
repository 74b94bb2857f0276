import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const keepAliveDelayMs = 30_000;

export interface KafkaSockets {
  factory: ISocketFactory;
  /** Produce requests handed to a socket so far. */
  producesSent(): number;
  /** Ends every connection to `host:port`, so that the client opens new ones. */
  drop(broker: string, reason: string): void;
  /** The same for every broker. */
  dropAll(reason: string): void;
}

/**
 * kafkajs keeps a connection whose requests time out, so a broker that vanishes without closing it is
 * waited for until TCP gives up (kafkajs PR #1783). Owning the sockets lets a timeout end them.
 */
export function createKafkaSockets(): KafkaSockets {
  const open = new Map<string, Set<net.Socket>>();
  let produces = 0;

  function drop(broker: string, reason: string): void {
    // kafkajs hears 'error' but not 'close'.
    for (const socket of open.get(broker) ?? []) socket.destroy(new Error(reason));
  }

  return {
    producesSent: () => produces,
    factory({ host, port, ssl, onConnect }) {
      const name = net.isIP(host) ? {} : { servername: host };
      const socket = ssl
        ? tls.connect({ host, port, ...name, ...ssl }, onConnect)
        : net.connect({ host, port }, onConnect);
      socket.setKeepAlive(true, keepAliveDelayMs);
      socket.setNoDelay(true);

      const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
      socket.write = (request: Uint8Array | string, ...rest: unknown[]) => {
        if (isProduce(request)) produces += 1;
        return write(request, ...rest);
      };

      const broker = `${host}:${port}`;
      const sockets = open.get(broker) ?? new Set();
      open.set(broker, sockets.add(socket));
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
    drop,
    dropAll(reason) {
      for (const broker of open.keys()) drop(broker, reason);
    },
  };
}

/** kafkajs writes one request a call: int32 size, int16 api key (0 is Produce), … */
function isProduce(request: Uint8Array | string): boolean {
  return typeof request !== 'string' && request[4] === 0 && request[5] === 0;
}
