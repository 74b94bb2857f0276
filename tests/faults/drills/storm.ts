import assert from 'node:assert/strict';
import { until } from '@order-stream/local-stack/until';
import { startDrill } from '../drill/drill.ts';
import { type DrillSite, rounds } from '../drill/drill-pace.ts';
import type { DrillStores } from '../drill/drill-stores.ts';
import { watchLiveness } from '../drill/liveness.ts';
import type { RecordedConsumer } from '../drill/recorded-consumer.ts';

/** Members join and leave, one after another, so that each change moves partitions between one to three members. */
export async function stormDrill(site: DrillSite, sinks?: DrillStores) {
  const { context, rate } = site;
  const drill = await startDrill(site, {
    name: 'storm',
    repeats: ['stdout', 'dead-letters'],
    ...(sinks && { sinks }),
  });
  const load = await drill.startLoad({
    ...{ directPerSecond: (sinks ? 100 : 400) * rate, postedPerSecond: 20 * rate },
    poisonPercent: 0.2,
  });
  const living: RecordedConsumer[] = [await drill.startMember()];
  const liveness = watchLiveness(context, () => living);
  for (const round of rounds(site)) {
    const joins = living.length === 1 || (living.length === 2 && round % 3 > 0);
    if (joins) {
      const joining = await drill.startMember({ waitUntilReady: false });
      living.push(joining);
      // Before, a process has no handler of SIGTERM yet.
      await until(
        `${joining.name} has joined`,
        () => joining.logged('joined the group').length > 0,
      );
    } else {
      const leaving = living.shift() as RecordedConsumer;
      drill.note(`${leaving.name} leaves`);
      assert.deepEqual(await leaving.stop(25_000), { code: 0, signal: null });
    }
    await load.flows((sinks ? 100 : 300) * rate);
  }
  await liveness.stop();
  assert.deepEqual(liveness.faults(), []);
  return drill.finish();
}
