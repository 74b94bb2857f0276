import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { startDrill } from '../drill/drill.ts';
import type { DrillSite } from '../drill/drill-pace.ts';
import { watchLiveness } from '../drill/liveness.ts';
import { orderSchemaWith } from '../drill/order-releases.ts';
import { holdsRecords, ready } from '../drill/waiting-service.ts';

const accessKeyId = 'AKIACONSUMER';

/**
 * The registry denies access to the consumer's credentials for `seconds`. The producer of a new release has access, so
 * its orders are accepted. They wait at the consumer and become no dead letters.
 */
export async function registryAccessDrill(site: DrillSite) {
  const { context, registry, seconds, rate } = site;
  const drill = await startDrill(site, {
    name: 'registry-access',
    schema: orderSchemaWith('former_field'),
    env: { AWS_ACCESS_KEY_ID: accessKeyId },
  });
  const member = await drill.startMember();
  const liveness = watchLiveness(context, () => [member]);
  const load = await drill.startLoad({
    ...{ directPerSecond: 100 * rate, postedPerSecond: 0, poisonPercent: 0.2 },
  });
  await load.flows(200);
  await drill.printsMore(member);
  drill.note('the consumer has no access');
  const denied = await registry.fail({ fault: 'access-denied', accessKeyId });
  context.after(denied.end);
  const newRelease = await drill.startLoad({ directPerSecond: 0, postedPerSecond: 20 * rate });
  await newRelease.flows(50);
  const reason = 'registry access refused: AccessDeniedException';
  await holdsRecords(member, drill.topic, reason, 'registry-access');
  await pause(seconds * 1_000);
  await newRelease.flows(50);
  drill.note(`the consumer has access; ${await denied.applied()} calls were denied`);
  await denied.end();
  await ready(member);
  await drill.printsMore(member);
  await load.flows(100);
  await liveness.stop();
  assert.deepEqual(liveness.faults(), []);
  assert.equal(await member.metric('orders_rebalances_total'), 1, 'the member stayed in its group');
  return drill.finish();
}
