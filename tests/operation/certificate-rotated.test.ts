import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTopic } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { assertAllConsumed, assertObserved } from './observer.ts';
import { startLoad } from './order-load.ts';
import { createAuthority, startTlsBroker } from './tls-broker.ts';

test('certificates of the brokers are renewed, and then issued by a new authority, while orders flow', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-rotated-'));
  const first = await createAuthority(folder, 'first');
  const second = await createAuthority(folder, 'second');
  const broker = await startTlsBroker(folder, await first.issue());
  const registry = await startGlueLocal();
  context.after(async () => {
    await broker.stop();
    await registry.close();
    rmSync(folder, { recursive: true });
  });
  const { bootstrapServers } = broker;
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const trusted = join(folder, 'trusted.pem');
  writeFileSync(trusted, first.certificate);
  const options = {
    bootstrapServers: broker.tlsServers,
    registry,
    topic,
    env: { SECURITY_PROTOCOL: 'SSL', SSL_CA_FILE: trusted },
  };
  const producer = await startProducer(options);
  context.after(() => producer.kill());
  const consumer = await startConsumer({ ...options, context });
  const load = startLoad(context, producer, { perSecond: 50 });
  const moreAreAcknowledged = () => {
    const goal = load.acknowledged().length + 100;
    return until('100 more orders are acknowledged', () => load.acknowledged().length >= goal);
  };
  await moreAreAcknowledged();

  await broker.restart(await first.issue());
  await moreAreAcknowledged();

  // The new authority is trusted beside the old one first, as in any change of authorities.
  writeFileSync(trusted, first.certificate + second.certificate);
  await broker.restart(await second.issue());
  await moreAreAcknowledged();

  await load.stop();
  await assertAllConsumed(load, [consumer], { topic });
  const groupId = `${topic}-group-01`;
  await assertObserved([consumer], { bootstrapServers, groupId, topics: [topic] });
});
