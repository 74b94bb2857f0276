import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { createServer } from 'node:tls';
import { startConsumer } from '@order-stream/local-stack/consumer';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startProducer } from '@order-stream/local-stack/producer';
import { startService } from '@order-stream/local-stack/service-process';
import { until } from '@order-stream/local-stack/until';
import {
  acceptInSilence,
  dropPackets,
  refusingPort,
} from '../../packages/runtime/src/testing/dead-servers.ts';
import { assertAllConsumed, assertObserved } from './observer.ts';
import { startLoad } from './order-load.ts';
import { createAuthority, startTlsBroker } from './tls-broker.ts';

const folder = mkdtempSync(join(tmpdir(), 'bootstrap-servers-'));
const authority = await createAuthority(folder, 'trusted');
const stranger = await createAuthority(folder, 'stranger');
const broker = await startTlsBroker(folder, await authority.issue());
const registry = await startGlueLocal();
after(async () => {
  await registry.close();
  await broker.stop();
  rmSync(folder, { recursive: true });
});
const { bootstrapServers } = broker;
const trusted = join(folder, 'trusted-by-clients.pem');
writeFileSync(trusted, authority.certificate);

const at = (port: number) => `127.0.0.1:${port}`;

/** A server that accepts TLS connections with a certificate that clients do not trust. */
async function distrustedServer(): Promise<string> {
  const pem = await stranger.issue();
  const server = createServer({ key: pem, cert: pem }).on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  after(() => server.close());
  return at((server.address() as AddressInfo).port);
}

async function silentServer(): Promise<string> {
  const port = await refusingPort();
  await acceptInSilence(port);
  return at(port);
}

async function packetDroppingServer(): Promise<string> {
  const port = await refusingPort();
  await dropPackets(port);
  return at(port);
}

/** Creates the topics, starts both services and passes orders through them, all by this list. */
async function assertAllStart(context: TestContext, servers: string[], env = {}): Promise<void> {
  const topic = `orders-${servers.length}-${Date.now()}`;
  const connection = { BOOTSTRAP_SERVERS: servers.join(','), ...env };
  const creation = await startService({
    main: 'packages/orders-cli/src/main.ts',
    args: ['topics', 'create', '--topic', topic, '--timeout', '10'],
    env: connection,
  });
  assert.equal((await creation.exited).code, 0, creation.stderr().join('\n'));
  const options = { bootstrapServers: connection.BOOTSTRAP_SERVERS, registry, topic, env };
  const [producer, consumer] = await Promise.all([
    startProducer(options),
    startConsumer({ ...options, context }),
  ]);
  context.after(() => producer.kill());
  const load = startLoad(context, producer, { perSecond: 50 });
  await until('orders are acknowledged', () => load.acknowledged().length >= 50);
  await load.stop();
  assert.deepEqual(load.rejected(), []);
  await assertAllConsumed(load, [consumer], { topic, once: true });
  const groupId = `${topic}-group-01`;
  await assertObserved([consumer], { bootstrapServers, groupId, topics: [topic] });
}

test('F01 servers that refuse, do not resolve, drop packets or never answer stand before a living one, and everything starts', async (context) => {
  const dead = [
    at(await refusingPort()),
    'nosuch.invalid:9092',
    await packetDroppingServer(),
    await silentServer(),
  ];
  await assertAllStart(context, [...dead, bootstrapServers]);
});

test('F01 with TLS, so do servers that do not shake hands or have another certificate', async (context) => {
  const dead = [await distrustedServer(), await silentServer(), bootstrapServers];
  const env = { SECURITY_PROTOCOL: 'SSL', SSL_CA_FILE: trusted };
  await assertAllStart(context, [...dead, broker.tlsServers], env);
});

test('F01 when every server is dead, the fault names each with its own reason', async (context) => {
  const refusing = at(await refusingPort());
  const silent = await silentServer();
  const dead = `${refusing},nosuch.invalid:9092,${silent}`;
  const consumer = await startConsumer({
    context,
    bootstrapServers: dead,
    registry,
    topic: 'orders',
    waitUntilReady: false,
  });
  const fault = await until('readiness names the servers', async () =>
    (await consumer.faults('/readyz')).find((one) => one.includes('BOOTSTRAP_SERVERS')),
  );
  assert.match(fault, new RegExp(`${refusing}: connect ECONNREFUSED`));
  assert.match(fault, /nosuch\.invalid:9092: getaddrinfo (ENOTFOUND|EAI_AGAIN)/);
  assert.match(fault, new RegExp(`${silent}: .*timed out`));
});
