import dns from 'node:dns';
import net, { type LookupFunction } from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory, ISocketFactoryArgs } from 'kafkajs';

export type KafkaSockets = ReturnType<typeof createKafkaSockets>;

const keepAliveDelayMs = 30_000;

/**
 * Creates the sockets of kafkajs and can close them. kafkajs keeps a connection whose requests time out, and waits for
 * a vanished broker until TCP gives up (kafkajs PR #1783).
 */
export function createKafkaSockets(resolve: typeof dns.lookup = dns.lookup) {
  const open = new Map<string, Set<net.Socket>>();
  /** The address of each host that answered last: its other addresses may be dead. */
  const answering = new Map<string, string>();
  /** The address of each host that accepted a connection last and never answered on it. */
  const silent = new Map<string, string>();
  let produces = 0;

  /** Closes every connection to `host:port`, so that the client opens new ones. */
  function drop(broker: string, reason: string): void {
    // kafkajs listens to 'error' but not to 'close'.
    for (const socket of open.get(broker) ?? []) socket.destroy(new Error(reason));
  }

  /** Puts the address that answered last first and a silent one last, while the name still has them. */
  const lookup: LookupFunction = (host, options, callback) =>
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const rank = ({ address }: dns.LookupAddress) =>
        Number(address === answering.get(host)) - 2 * Number(address === silent.get(host));
      addresses?.sort((a, b) => rank(b) - rank(a));
      if (options.all) callback(error, addresses);
      else callback(error, addresses?.[0]?.address ?? '', addresses?.[0]?.family);
    });

  function connect({ host, port, ssl, onConnect }: ISocketFactoryArgs, address = host): net.Socket {
    const name = net.isIP(host) ? {} : { servername: host };
    const socket = ssl
      ? tls.connect({ host: address, port, lookup, ...name, ...ssl }, onConnect)
      : net.connect({ host: address, port, lookup }, onConnect);
    socket.setKeepAlive(true, keepAliveDelayMs);
    socket.setNoDelay(true);
    let connectedTo: string | undefined;
    let hasAnswered = false;
    socket.once('connect', () => {
      connectedTo = socket.remoteAddress;
    });
    socket.once('data', () => {
      hasAnswered = true;
      answering.set(host, connectedTo ?? address);
      if (silent.get(host) === connectedTo) silent.delete(host);
    });

    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (request: Uint8Array | string, ...rest: unknown[]) => {
      if (isProduce(request)) produces += 1;
      return write(request, ...rest);
    };

    const broker = `${host}:${port}`;
    const sockets = open.get(broker) ?? new Set();
    open.set(broker, sockets.add(socket));
    socket.once('close', () => {
      sockets.delete(socket);
      if (!hasAnswered && connectedTo !== undefined) silent.set(host, connectedTo);
    });
    return socket;
  }

  return {
    /** Number of produce requests written to a socket so far. */
    producesSent: () => produces,
    factory: (args: ISocketFactoryArgs) => connect(args),
    /** A factory whose first socket goes to one address of the host. The name may have other addresses later. */
    factoryTo(address: string): ISocketFactory {
      let first: string | undefined = address;
      return (args) => {
        const socket = connect(args, first);
        first = undefined;
        return socket;
      };
    },
    drop,
    /** Closes the connections to all brokers. */
    dropAll(reason: string): void {
      for (const broker of open.keys()) drop(broker, reason);
    },
  };
}

/** kafkajs writes one request per call: int32 size, int16 api key (0 is Produce), … */
function isProduce(request: Uint8Array | string): boolean {
  return typeof request !== 'string' && request[4] === 0 && request[5] === 0;
}
