import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { SeedAddress } from 'kafkajs';
import { createBootstrapServers } from './bootstrap-servers.ts';
import { AuthenticationError, BrokerUnavailableError } from './kafka-errors.ts';

/** How a broker at an address behaves; absent addresses hang. With a promise it answers later. */
type Behaviour = 'answers' | 'refuses' | 'rejects credentials' | Promise<void>;

/** Connects as `behaviours` (by address:port) says, and records which address each attempt used. */
function seedBrokers(
  servers: readonly string[],
  behaviours: Record<string, Behaviour>,
  names: Record<string, string[]> = {},
) {
  const attempted: string[] = [];
  const disconnected: string[] = [];
  const factories = new Map<unknown, string>();
  const sockets = {
    factoryTo(address: string) {
      const factory = () => assert.fail('no socket is opened');
      factories.set(factory, address);
      return factory;
    },
  };
  const resolve = async (host: string) => {
    const addresses = names[host];
    if (addresses === undefined) throw new Error(`getaddrinfo ENOTFOUND ${host}`);
    return addresses.map((address) => ({ address }));
  };
  const connectTo = async ({ host, port, socketFactory }: SeedAddress) => {
    const place = `${factories.get(socketFactory)}:${port}`;
    attempted.push(place);
    const behaviour = behaviours[place];
    if (behaviour === 'refuses') throw new Error(`Connection error: connect ECONNREFUSED ${place}`);
    if (behaviour === 'rejects credentials')
      throw Object.assign(new Error('wrong password'), { name: 'KafkaJSSASLAuthenticationError' });
    await (behaviour ?? new Promise(() => {}));
    const disconnect = async () => void disconnected.push(place);
    return { host, place, disconnect };
  };
  const seeds = createBootstrapServers(servers, sockets, resolve);
  type Known = () => ReturnType<typeof connectTo>;
  return {
    attempted,
    disconnected,
    connect: (known: Known[] = []) => seeds.connect(known, connectTo),
  };
}

test('a server is used although others refuse, hang or do not resolve, wherever it stands in the list', async () => {
  const dead = ['10.0.0.1:1', '10.0.0.2:2', 'nosuch.invalid:3'];
  for (let at = 0; at <= dead.length; at += 1) {
    const servers = dead.toSpliced(at, 0, '10.0.0.9:9');
    const { connect } = seedBrokers(servers, { '10.0.0.1:1': 'refuses', '10.0.0.9:9': 'answers' });
    assert.equal((await connect()).place, '10.0.0.9:9');
  }
});

test('the order is random: each server comes first now and then', async () => {
  const servers = ['10.0.0.1:1', '10.0.0.2:2', '10.0.0.3:3'];
  const first = new Set<string>();
  while (first.size < servers.length) {
    const seeds = seedBrokers(servers, Object.fromEntries(servers.map((one) => [one, 'answers'])));
    first.add((await seeds.connect()).place);
    assert.equal(seeds.attempted.length, 1, 'the others are left alone');
  }
});

test('every address of a name is tried, of both families', async () => {
  const names = { brokers: ['10.0.0.1', '2001:db8::2', '10.0.0.3'] };
  const { connect } = seedBrokers(
    ['brokers:9092'],
    { '10.0.0.1:9092': 'refuses', '10.0.0.3:9092': 'answers' },
    names,
  );
  const { host, place } = await connect();
  assert.equal(place, '10.0.0.3:9092');
  assert.equal(host, 'brokers', 'TLS checks the name');
});

test('twenty servers that hang are all tried within 2 s, each once', async () => {
  const dead = Array.from({ length: 20 }, (_, at) => `10.0.0.${at}:9092`);
  const { connect, attempted } = seedBrokers([...dead, '10.0.1.1:9'], { '10.0.1.1:9': 'answers' });
  const started = performance.now();
  await connect();
  assert.ok(performance.now() - started < 2_000);
  assert.equal(new Set(attempted).size, attempted.length);
});

test('attempts at the same time share the lookup of a name, later ones look it up again', async () => {
  const lookups: ((addresses: { address: string }[]) => void)[] = [];
  const resolve = () => new Promise<{ address: string }[]>((found) => lookups.push(found));
  const sockets = { factoryTo: () => () => assert.fail('no socket is opened') };
  const seeds = createBootstrapServers(['slow:1'], sockets, resolve);
  const connect = () =>
    seeds.connect([], async ({ host }) => ({ host, disconnect: async () => {} }));
  for (const lookedUp of [1, 2]) {
    const connected = Promise.all([connect(), connect(), connect()]);
    await setImmediate();
    assert.equal(lookups.length, lookedUp);
    lookups.at(-1)?.([{ address: '10.0.0.1' }]);
    await connected;
  }
});

test('a known broker is preferred, and a server is used when the known ones are gone', async () => {
  const seeds = seedBrokers(['10.0.0.1:1'], { '10.0.0.1:1': 'answers' });
  const known = { host: 'b-1', place: 'b-1', disconnect: async () => assert.fail('kept') };
  assert.equal(await seeds.connect([async () => known]), known);
  assert.deepEqual(seeds.attempted, []);
  const gone = async () => Promise.reject(new Error('connect ECONNREFUSED'));
  assert.equal((await seeds.connect([gone, gone])).place, '10.0.0.1:1');
});

test('a server that answers too late is disconnected, a known broker is kept', async () => {
  const answer = Promise.withResolvers<void>();
  const servers = ['10.0.0.1:1', '10.0.0.2:2', '10.0.0.3:3'];
  const seeds = seedBrokers(servers, {
    '10.0.0.1:1': answer.promise,
    '10.0.0.2:2': answer.promise,
    '10.0.0.3:3': answer.promise,
  });
  const known = { host: 'b-1', place: 'b-1', disconnect: async () => assert.fail('kept') };
  const winner = seeds.connect([() => answer.promise.then(() => known)]);
  while (seeds.attempted.length < servers.length) await setTimeout(1);
  answer.resolve();
  assert.equal(await winner, known);
  await setImmediate();
  assert.deepEqual(seeds.disconnected.sort(), servers);
});

test('the error names each server with its own reason, in the order of the list', async () => {
  const servers = ['b:1', 'nosuch.invalid:2', '[::1]:3'];
  const { connect } = seedBrokers(
    servers,
    { '10.0.0.1:1': 'refuses', '10.0.0.2:1': 'refuses', '::1:3': 'refuses' },
    { b: ['10.0.0.1', '10.0.0.2'] },
  );
  const expected =
    'no server of BOOTSTRAP_SERVERS can be used: ' +
    'b:1: connect ECONNREFUSED 10.0.0.1:1, connect ECONNREFUSED 10.0.0.2:1; ' +
    'nosuch.invalid:2: getaddrinfo ENOTFOUND nosuch.invalid; ' +
    '[::1]:3: connect ECONNREFUSED ::1:3';
  await assert.rejects(connect(), (error: Error) => {
    assert.ok(error instanceof BrokerUnavailableError);
    assert.equal(error.message, expected);
    return true;
  });
});

test('rejected credentials are an AuthenticationError, although other servers refuse', async () => {
  const { connect } = seedBrokers(['10.0.0.1:1', '10.0.0.2:2'], {
    '10.0.0.1:1': 'refuses',
    '10.0.0.2:2': 'rejects credentials',
  });
  await assert.rejects(connect(), (error: Error) => {
    assert.ok(error instanceof AuthenticationError);
    assert.match(error.message, /10\.0\.0\.2:2: the broker rejected the credentials: wrong/);
    return true;
  });
});
