import { setTimeout as pause } from 'node:timers/promises';
import { startDrill } from '../drill/drill.ts';
import type { DrillSite } from '../drill/drill-pace.ts';
import { startDrillStores } from '../drill/drill-stores.ts';
import { assertFlatMemory } from '../drill/memory.ts';

/** The sink has 64 requests in flight at most, so this makes 64 items a second at most. */
const delayMs = 1_000;
/** P10. */
const mostMiB = 300;

/** DynamoDB takes less than a third of what arrives. Orders with ever new ids, so that no version replaces another before it is written. */
export async function slowStoreDrill(site: DrillSite) {
  const { seconds, rate } = site;
  const sinks = await startDrillStores(site, { dynamodb: 'dynalite', s3: 's3mock' });
  // Of each partition, the sink takes some thousand records before it makes the consumer wait.
  const drill = await startDrill(site, { name: 'slow-store', sinks, partitions: 1 });
  const member = await drill.startMember();
  const slow = sinks.proxies.dynamodb.intercept(
    { request: 'PutItem', times: Number.POSITIVE_INFINITY },
    async (exchange) => {
      await pause(delayMs / rate);
      exchange.reply(await exchange.forward());
    },
  );
  const load = await drill.startLoad({
    ...{ directPerSecond: 300 * rate, postedPerSecond: 0, poisonPercent: 0.1 },
    keys: 5_000,
  });
  await drill.printsMore(member);
  const reachedMiB = await assertFlatMemory(member, seconds, mostMiB, drill.note);
  await load.stop();
  slow.remove();
  return { ...(await drill.finish()), mostMiB: reachedMiB };
}
