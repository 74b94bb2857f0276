import assert from 'node:assert/strict';
import { startDrill } from '../drill/drill.ts';
import type { DrillSite } from '../drill/drill-pace.ts';
import { orderSchemaWith } from '../drill/order-releases.ts';
import { ready, refusesOrders, reports } from '../drill/waiting-service.ts';

/**
 * The version of a new release stays PENDING for longer than its producer polls. The producer refuses orders until the
 * registry has decided, and the orders of the last release flow on.
 */
export async function registryPendingDrill(site: DrillSite) {
  const { context, registry, rate } = site;
  const drill = await startDrill(site, {
    name: 'registry-pending',
    schema: orderSchemaWith('former_field'),
  });
  const member = await drill.startMember();
  const load = await drill.startLoad({
    ...{ directPerSecond: 100 * rate, postedPerSecond: 0, poisonPercent: 0.2 },
  });
  await load.flows(200);
  drill.note('new versions stay PENDING');
  const pending = await registry.fail({ fault: 'pending' });
  context.after(pending.end);
  const producer = await drill.startProducer({ waitUntilReady: false });
  const newRelease = await drill.startLoad({
    ...{ producer, directPerSecond: 0, postedPerSecond: 20 * rate },
  });
  await reports(producer, 'schema registry: ', 'registry unavailable: schema not looked up yet');
  await refusesOrders(producer);
  await reports(producer, 'schema registry: ', 'PENDING');
  await refusesOrders(producer);
  assert.equal(await pending.applied(), 1, 'the version was registered once');
  await load.flows(100);
  await drill.printsMore(member);
  assert.deepEqual(await member.faults('/readyz'), [], 'the consumer knows what it reads');
  drill.note('the version has its verdict');
  await pending.end();
  await newRelease.flows(50);
  await ready(producer);
  await load.flows(100);
  return drill.finish();
}
