import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startKafkaCluster } from '@order-stream/local-stack/kafka-cluster';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTopic, rawKafka } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { assertAllConsumed, assertObserved } from './observer.ts';
import { startLoad } from './order-load.ts';

const readAgainWithinMs = 15_000;

const [cluster, registry] = await Promise.all([startKafkaCluster(), startGlueLocal()]);
const { bootstrapServers } = cluster;
const admin = rawKafka(bootstrapServers).admin();
after(async () => {
  await admin.disconnect();
  await registry.close();
  await cluster.stop();
});
await admin.connect();

async function partitionsOf(topic: string) {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0]?.partitions ?? [];
}

/** Kafka's rule: the leader of the partition of `__consumer_offsets` that the group's id hashes to. */
async function coordinatorOf(groupId: string): Promise<number | undefined> {
  const partitions = await partitionsOf('__consumer_offsets');
  let hash = 0;
  for (const letter of groupId) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
  const chosen = (hash & 0x7fffffff) % partitions.length;
  return partitions.find(({ partitionId }) => partitionId === chosen)?.leader;
}

/** The id of a group whose coordinator is this broker, or is another one. */
async function groupIdFor(topic: string, broker: number, isCoordinator: boolean): Promise<string> {
  // The first request for a coordinator creates the topic.
  await until(
    'every group has a coordinator',
    async () => {
      await admin.describeGroups([topic]);
      return (await partitionsOf('__consumer_offsets')).every(({ isr }) => isr.length === 3);
    },
    60_000,
  );
  for (let number = 1; ; number += 1) {
    const groupId = `${topic}-group-${number}`;
    if (((await coordinatorOf(groupId)) === broker) === isCoordinator) return groupId;
  }
}

/** Collects the faults of `/healthz` until the test ends. */
function watchLiveness(
  context: TestContext,
  services: readonly { faults(path: '/healthz'): Promise<string[]> }[],
): readonly string[] {
  const faults: string[] = [];
  let isWatching = true;
  const watch = async () => {
    for (; isWatching; await pause(200))
      for (const service of services) faults.push(...(await service.faults('/healthz')));
  };
  const watching = watch();
  context.after(async () => {
    isWatching = false;
    await watching.catch(() => undefined);
  });
  return faults;
}

// A broker that was resumed leads nothing for minutes, so each drill freezes another one.
for (const { frozen, isCoordinator, role } of [
  { frozen: 2, isCoordinator: false, role: 'leads partitions' },
  { frozen: 3, isCoordinator: true, role: 'leads partitions and coordinates the group' },
])
  test(`a broker that ${role} freezes for good: its partitions are read from the new leaders within 15 s, by the same session, and no order is lost`, async (context) => {
    const topic = await createTopic(bootstrapServers);
    await createDeadLetterTopic(bootstrapServers, topic);
    const groupId = await groupIdFor(topic, frozen, isCoordinator);
    const options = { bootstrapServers, registry, topic, env: { GROUP_ID: groupId } };
    const producer = await startProducer(options);
    context.after(() => producer.kill());
    const consumer = await startConsumer({ ...options, context });
    const load = startLoad(context, producer, { lanes: 50, perSecond: 100 });
    await load.flows(200);
    const led = (await partitionsOf(topic)).filter(({ leader }) => leader === frozen);
    assert.ok(led.length > 0, 'the broker leads partitions');
    const livenessFaults = watchLiveness(context, [consumer, producer]);

    const startedAt = performance.now();
    const frozenAtMs = Date.now();
    cluster.freeze(frozen);
    context.after(() => cluster.resume(frozen));
    await until(
      'each partition of the frozen broker is read again',
      () => {
        // The frozen broker can write none of the orders that were accepted after this moment.
        const later = consumer.records().filter((one) => Date.parse(one.timestamp) > frozenAtMs);
        const read = new Set(later.map(({ partition }) => partition));
        return led.every(({ partitionId }) => read.has(partitionId));
      },
      readAgainWithinMs,
    );
    context.diagnostic(`read again after ${Math.round(performance.now() - startedAt)} ms`);
    await load.flows(200);
    await load.stop();

    await assertAllConsumed(load, [consumer], { topic });
    const alive = cluster.serversWithout(frozen);
    await assertObserved([consumer], { bootstrapServers: alive, groupId, topics: [topic] });
    await until(
      'the producer is ready',
      async () => (await producer.faults('/readyz')).length === 0,
    );
    assert.deepEqual(livenessFaults, []);
    assert.equal(consumer.logged('joined the group').length, 1);
    for (const { status, retryAfter } of load.rejected()) {
      assert.equal(status, 503);
      assert.ok(retryAfter !== null);
    }
    context.diagnostic(
      `${load.acknowledged().length} acknowledged, ${load.rejected().length} rejected, ${load.inDoubt().length} in doubt, ${consumer.records().length} printed`,
    );
  });
