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

/**
 * Each fault of the registry for `seconds`, while a new release is rolled out: its producer gets no schema and refuses
 * orders, its records wait at the consumer, and the orders of the last release flow on.
 */
export async function registryFaultsDrill(site: DrillSite) {
  const { context, registry, seconds, rate } = site;
  const drill = await startDrill(site, {
    name: 'registry-faults',
    schema: orderSchemaWith('former_field'),
  });
  const member = await drill.startMember();
  const liveness = watchLiveness(context, () => [member]);
  const load = await drill.startLoad({
    ...{ directPerSecond: 100 * rate, postedPerSecond: 0, poisonPercent: 0.2 },
  });
  await load.flows(200);
  await drill.printsMore(member);
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
    const newRelease = [
      await drill.startLoad({ producer, directPerSecond: 0, postedPerSecond: 20 * rate }),
      await drill.startLoad({ frame, poison: [], directPerSecond: 50 * rate, postedPerSecond: 0 }),
    ];
    await reports(producer, 'schema registry: ', reason);
    await refusesOrders(producer);
    await holdsRecords(member, drill.topic, reason, 'registry-unavailable');
    await until(
      'the registry counts as silent',
      async () => (await member.metric('orders_registry_stale_seconds')) > 0,
    );
    await pause(seconds * 1_000);
    await refusesOrders(producer);
    await load.flows(100);
    drill.note(`the registry has no fault; ${await placed.applied()} calls had one`);
    await placed.end();
    for (const one of newRelease) await one.flows(50);
    await Promise.all([ready(producer), ready(member)]);
    assert.equal(await member.metric('orders_registry_stale_seconds'), 0);
    await drill.printsMore(member);
    for (const one of newRelease) await one.stop();
  }
  await liveness.stop();
  assert.deepEqual(liveness.faults(), []);
  assert.equal(await member.metric('orders_rebalances_total'), 1, 'the member stayed in its group');
  return drill.finish();
}
