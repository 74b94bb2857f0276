import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createDeadLetterTopic, startConsumer } from '@order-stream/local-stack/consumer';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTopic } from '@order-stream/local-stack/topics';
import { until } from '@order-stream/local-stack/until';
import { foreignView } from './foreign-view.ts';
import { assertAllConsumed, assertObserved } from './observer.ts';
import { type OrderLoad, startLoad } from './order-load.ts';

const tenMinutesMs = 600_000;

// Its proxy shows the heartbeats of the consumer.
const [broker, registry] = await Promise.all([startOwnBroker(), startGlueLocal()]);
after(async () => {
  await registry.close();
  await broker.stop();
});
const bootstrapServers = broker.proxiedServers;

function nextHeartbeat(): Promise<void> {
  let isSent = false;
  broker.proxy.rewriteNextAnswer('Heartbeat', () => {
    isSent = true;
  });
  return until('the member sends a heartbeat', () => isSent).then(() => {});
}

/** The wall clock of services that are started with `env`. */
function settableClock(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'clock-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'offset');
  const set = (offsetMs: number) => writeFileSync(file, String(offsetMs));
  set(0);
  const preload = pathToFileURL(join(import.meta.dirname, 'settable-clock.mjs'));
  return { set, env: { NODE_OPTIONS: `--import=${preload}`, TEST_CLOCK_OFFSET_FILE: file } };
}

async function startServices(context: TestContext) {
  const topic = await createTopic(bootstrapServers);
  await createDeadLetterTopic(bootstrapServers, topic);
  const clock = settableClock(context);
  const options = { bootstrapServers, registry, topic, env: clock.env };
  const producer = await startProducer(options);
  context.after(() => producer.kill());
  const consumer = await startConsumer({ ...options, context });
  const groupId = `${topic}-group-01`;
  const log = () => [...producer.stderr(), ...consumer.stderr()];
  const loggedBefore = new Set(log());
  return {
    clock,
    producer,
    consumer,
    /** Nothing was refused, late, lost or printed twice, and the member stayed in its group. */
    async assertUndisturbed(posted: OrderLoad) {
      assert.deepEqual(posted.rejected(), []);
      assert.ok(Math.max(...posted.posted.map(({ tookMs }) => tookMs)) < 5_000);
      await assertAllConsumed(posted, [consumer], { topic, once: true });
      await assertObserved([consumer], { bootstrapServers, groupId, topics: [topic] });
      const { members } = await foreignView(bootstrapServers, groupId, [topic]);
      assert.equal(members, 1);
      assert.equal(await consumer.metric('orders_rebalances_total'), 1);
      const logged = log().filter((line) => !loggedBefore.has(line));
      assert.deepEqual(
        logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 40),
        [],
        'no warning, such as of a request that timed out',
      );
    },
  };
}

for (const [direction, changeMs] of [
  ['back', -tenMinutesMs],
  ['forward', tenMinutesMs],
] as const)
  test(`F16 the clock is set ${direction} by ten minutes, three times, while both services are idle: the member stays, and orders are answered and read as before`, async (context) => {
    const { clock, producer, assertUndisturbed } = await startServices(context);
    // A heartbeat later, the consumer waits for records, with a request in flight.
    await nextHeartbeat();
    for (const times of [1, 2, 3]) {
      clock.set(times * changeMs);
      await nextHeartbeat();
    }
    const posted = startLoad(context, producer);
    await until('orders', () => posted.acknowledged().length >= 200);
    await posted.stop();
    await assertUndisturbed(posted);
  });

test('F16 the clock is set again and again under load: no order is refused, late or doubted', async (context) => {
  const { clock, producer, assertUndisturbed } = await startServices(context);
  const posted = startLoad(context, producer);
  for (const changeMs of [-1, 1, 0, 1, -1, 0, -1, 1]) {
    const before = posted.acknowledged().length;
    clock.set(changeMs * tenMinutesMs);
    await until('more orders', () => posted.acknowledged().length >= before + 100);
  }
  await posted.stop();
  await assertUndisturbed(posted);
});
