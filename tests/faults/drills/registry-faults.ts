import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '@order-stream/glue-local';
import { orderFramer } from '@order-stream/local-stack/consumer';
import { until } from '@order-stream/local-stack/until';
import { startDrill } from '../drill/drill.ts';
import type { DrillSite } from '../drill/drill-pace.ts';
import { watchLiveness } from '../drill/liveness.ts';
import { orderSchemaWith } from '../drill/order-releases.ts';
import { holdsRecords, ready, refusesOrders, reports } from '../drill/waiting-service.ts';

/** What every caller gets, and how the services name it. */
const faults: readonly [Fault, reason: string][] = [
  [{ fault: 'throttling' }, 'registry unavailable: ThrottlingException: Rate exceeded'],
  [{ fault: 'internal-error', status: 503 }, 'registry unavailable: InternalServiceException'],
];

const partitions = 6;
/** Of the orders that the new release has written. */
const newPartitions = [0, 1, 2];
const otherPartitions = [3, 4, 5];

/**
 * Each fault of the registry for `seconds`, while a new release is rolled out: its producer gets no schema and refuses
 * orders. Its records wait at the consumer, and so do later records of the same partitions. From the other partitions, the
 * consumer goes on printing the orders of the last release.
 */
export async function registryFaultsDrill(site: DrillSite) {
  const { context, registry, seconds, rate } = site;
  const drill = await startDrill(site, {
    name: 'registry-faults',
    partitions,
    schema: orderSchemaWith('former_field'),
  });
  const member = await drill.startMember();
  const liveness = watchLiveness(context, () => [member]);
  const poisoned = await drill.startLoad({
    ...{ directPerSecond: 100 * rate, postedPerSecond: 0, poisonPercent: 0.2 },
  });
  await poisoned.flows(200);
  await poisoned.stop();
  // Whether an unknown schema id is poison is the registry's to say: such a record would pause any partition below.
  await drill.allCommitted();
  const load = await drill.startLoad({
    ...{ poison: [], directPerSecond: 100 * rate, postedPerSecond: 0 },
  });
  await drill.printsFrom(member, [...newPartitions, ...otherPartitions], 1);
  for (const [fault, reason] of faults) {
    drill.note(`the registry has the fault ${fault.fault}`);
    const frame = await orderFramer(
      registry,
      drill.topic,
      orderSchemaWith(fault.fault.replaceAll('-', '_')),
    );
    const placed = await registry.fail(fault);
    context.after(placed.end);
    const producer = await drill.startProducer({ waitUntilReady: false });
    const refused = await drill.startLoad({
      ...{ producer, directPerSecond: 0, postedPerSecond: 20 * rate },
    });
    const written = await drill.startLoad({
      ...{ frame, poison: [], orderPartitions: newPartitions },
      ...{ directPerSecond: 50 * rate, postedPerSecond: 0 },
    });
    await reports(producer, 'schema registry: ', reason);
    await refusesOrders(producer);
    await holdsRecords(member, drill.topic, reason, 'registry-unavailable');
    await until(
      'the partitions with orders of the new release are paused',
      async () =>
        (await member.metric('orders_consumer_paused_partitions')) === newPartitions.length,
    );
    await until(
      'the registry counts as silent',
      async () => (await member.metric('orders_registry_stale_seconds')) > 0,
    );
    const waiting = newPartitions.map(member.printedFrom);
    await pause(seconds * 1_000);
    await drill.printsFrom(member, otherPartitions, 20);
    assert.deepEqual(newPartitions.map(member.printedFrom), waiting, 'paused partitions wait');
    await refusesOrders(producer);
    drill.note(`the registry has no fault; ${await placed.applied()} calls had one`);
    await placed.end();
    await drill.printsFrom(member, [...newPartitions, ...otherPartitions], 20);
    for (const one of [refused, written, load]) await one.flows(50);
    await Promise.all([ready(producer), ready(member)]);
    assert.equal(await member.metric('orders_registry_stale_seconds'), 0);
    for (const one of [refused, written]) await one.stop();
  }
  await liveness.stop();
  assert.deepEqual(liveness.faults(), []);
  assert.equal(await member.metric('orders_rebalances_total'), 1, 'the member stayed in its group');
  return drill.finish();
}
