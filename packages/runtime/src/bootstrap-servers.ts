import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { SeedAddress, SeedBrokers } from 'kafkajs';
import { firstToSucceed } from './first-to-succeed.ts';
import {
  AuthenticationError,
  authenticationFault,
  BrokerUnavailableError,
} from './kafka-errors.ts';
import type { KafkaSockets } from './kafka-sockets.ts';

type Resolve = (host: string) => Promise<{ address: string }[]>;

// All servers are tried within a second, and all addresses of one server within a second more.
const tryAllWithinMs = 1_000;
const longestPauseMs = 200;

/**
 * Connects kafkajs to any server of `BOOTSTRAP_SERVERS`, in random order. A server that refuses, does not resolve, drops
 * packets or never answers does not delay the others. kafkajs itself tries one server after another, the first one first.
 */
export function createBootstrapServers(
  servers: readonly string[],
  sockets: Pick<KafkaSockets, 'factoryTo'>,
  resolve: Resolve = (host) => lookup(host, { all: true }),
): SeedBrokers {
  const lookups = new Map<string, ReturnType<Resolve>>();

  /**
   * Joins a lookup of the same name that is under way. Node looks up two names at a time: a name whose DNS server does not
   * answer would otherwise block the lookups of the other servers after two attempts.
   */
  function addressesOf(host: string): ReturnType<Resolve> {
    const pending = lookups.get(host) ?? resolve(host).finally(() => lookups.delete(host));
    lookups.set(host, pending);
    return pending;
  }

  return {
    async connect<Broker extends { disconnect(): Promise<void> }>(
      known: readonly (() => Promise<Broker>)[],
      connectTo: (address: SeedAddress) => Promise<Broker>,
    ): Promise<Broker> {
      const opened = new Set<Broker>();
      const failures = new Map<string, Error>();
      const late = (broker: Broker) => {
        // A known broker keeps its connection for later requests.
        if (opened.has(broker)) broker.disconnect().catch(() => undefined);
      };

      async function connectToServer(server: string): Promise<Broker> {
        const { host, port } = hostAndPort(server);
        const addresses = isIP(host) ? [{ address: host }] : await addressesOf(host);
        const attempts = addresses.map(({ address }) => async () => {
          const socketFactory = sockets.factoryTo(address);
          const broker = await connectTo({ host, port, socketFactory });
          opened.add(broker);
          return broker;
        });
        return firstToSucceed(attempts, { everyMs: pauseMs(attempts.length), late });
      }

      const attempts = shuffled(servers).map(
        (server) => () =>
          connectToServer(server).catch((error) => {
            failures.set(server, error);
            throw error;
          }),
      );
      const all = [...known, ...attempts];
      return firstToSucceed(all, { everyMs: pauseMs(all.length), late }).catch(() => {
        throw noServerUsable(servers, failures);
      });
    },
  };
}

const pauseMs = (attempts: number) => Math.min(longestPauseMs, tryAllWithinMs / attempts);

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/** Splits `host:port` or `[IPv6 address]:port`. */
function hostAndPort(server: string) {
  const colon = server.lastIndexOf(':');
  const host = server.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(server.slice(colon + 1)) };
}

/** Names each server with its own reason, in the order of the list: the same faults always give the same text. */
function noServerUsable(servers: readonly string[], failures: ReadonlyMap<string, Error>): Error {
  const reasons = [...new Set(servers)].map((server) => {
    const messages = errorsOf(failures.get(server)).map(
      (error) => (authenticationFault(error) ?? error).message,
    );
    return `${server}: ${[...new Set(messages)].join(', ').replaceAll('Connection error: ', '')}`;
  });
  const message = `no server of BOOTSTRAP_SERVERS can be used: ${reasons.join('; ')}`;
  const errors = servers.flatMap((server) => errorsOf(failures.get(server)));
  const rejection = errors.find((error) => authenticationFault(error) !== undefined);
  if (rejection !== undefined) return new AuthenticationError(message, rejection);
  // kafkajs retries what is marked as retriable.
  return Object.assign(new BrokerUnavailableError(message, errors[0]), { retriable: true });
}

/** The errors of all addresses of one server. */
function errorsOf(failure: Error | undefined): Error[] {
  if (failure === undefined) return [];
  return failure instanceof AggregateError ? failure.errors : [failure];
}
