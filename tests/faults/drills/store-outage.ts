import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@order-stream/local-stack/until';
import { startDrill } from '../drill/drill.ts';
import type { DrillSite } from '../drill/drill-pace.ts';
import { startDrillStores } from '../drill/drill-stores.ts';
import { watchLiveness } from '../drill/liveness.ts';

/** After the first failed request; the service says 5 s. */
const redWithinMs = 8_000;

/** One store after the other is down for `seconds`. Readiness names it, nothing becomes a dead letter, and nothing is repeated. */
export async function storeOutageDrill(site: DrillSite) {
  const { context, seconds, rate } = site;
  const sinks = await startDrillStores(site, { dynamodb: 'dynalite', s3: 'moto' });
  const drill = await startDrill(site, { name: 'store-outage', sinks });
  const member = await drill.startMember();
  const liveness = watchLiveness(context, () => [member]);
  const load = await drill.startLoad({
    ...{ directPerSecond: 100 * rate, postedPerSecond: 20 * rate },
    poisonPercent: 0.2,
  });
  await load.flows(200);
  for (const name of ['dynamodb', 's3'] as const) {
    drill.note(`${name} is down`);
    const proxy = sinks.proxies[name];
    const refusedBefore = proxy.refused();
    proxy.down();
    await until(`a request to ${name} fails`, () => proxy.refused() > refusedBefore);
    const failingSinceMs = performance.now();
    const isNamed = async () => (await member.faults('/readyz')).some((one) => one.includes(name));
    await until(`readiness names ${name}`, isNamed, redWithinMs);
    const redAfterMs = performance.now() - failingSinceMs;
    drill.note(`readiness named ${name} after ${Math.round(redAfterMs)} ms`);
    await pause(Math.max(0, seconds * 1_000 - redAfterMs));
    proxy.up();
    drill.note(`${name} is up`);
    await until(
      'the member is ready',
      async () => (await member.faults('/readyz')).length === 0,
      60_000,
    );
    await load.flows(100);
    await drill.look();
  }
  await liveness.stop();
  assert.deepEqual(liveness.faults(), []);
  return drill.finish();
}
