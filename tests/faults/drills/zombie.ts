import type { AwsProxy } from '@order-stream/local-stack/aws-proxy';
import { until } from '@order-stream/local-stack/until';
import { startDrill } from '../drill/drill.ts';
import { type DrillSite, rounds } from '../drill/drill-pace.ts';
import type { DrillStores } from '../drill/drill-stores.ts';
import type { RecordedConsumer } from '../drill/recorded-consumer.ts';
import { shortSessions } from '../drill/short-sessions.ts';

const partitions = 6;

/** A member is frozen while it sends a request, until another has its partitions; then the request arrives and it wakes up. */
export async function zombieDrill(site: DrillSite, sinks?: DrillStores) {
  const { broker, rate } = site;
  const drill = await startDrill(site, {
    ...{ name: 'zombie', partitions, repeats: ['stdout', 'dead-letters'] },
    ...(sinks && { sinks }),
    env: shortSessions,
  });
  await drill.startLoad({
    ...{ directPerSecond: (sinks ? 100 : 400) * rate, postedPerSecond: 20 * rate },
    poisonPercent: 0.5,
  });
  const zombie = await drill.startMember({ bootstrapServers: broker.proxiedServers });
  await drill.printsMore(zombie);
  const heir = await drill.startMember({ ...(sinks && { env: sinks.withoutProxies }) });
  await drill.printsMore(heir);
  const requests = [
    ...['OffsetCommit', 'Produce', 'Fetch'].map((request) => ({ proxy: broker.proxy, request })),
    ...(sinks ? [{ proxy: sinks.proxies.dynamodb, request: 'PutItem' }] : []),
    ...(sinks ? [{ proxy: sinks.proxies.s3, request: 'PutObject' }] : []),
  ];
  for (const _ of rounds(site))
    for (const { proxy, request } of requests) {
      const late = Promise.withResolvers<void>();
      const { intercept } = proxy as AwsProxy;
      let isFrozen = false;
      intercept({ request }, async (exchange) => {
        zombie.kill('SIGSTOP');
        isFrozen = true;
        await late.promise;
        exchange.reply(await exchange.forward());
      });
      await until(`${zombie.name} sends ${request}`, () => isFrozen);
      drill.note(`${zombie.name} is frozen at ${request}`);
      await until('the other has all partitions', () => partitionsOf(heir) === partitions);
      await drill.printsMore(heir);
      late.resolve();
      zombie.kill('SIGCONT');
      await until(
        'both have partitions again',
        () => partitionsOf(zombie) + partitionsOf(heir) === partitions,
      );
      await drill.printsMore(zombie);
    }
  return drill.finish();
}

/** By the latest assignment. */
function partitionsOf(member: RecordedConsumer): number {
  const [last] = member.logged('joined the group').slice(-1);
  return Object.values(last?.assignment ?? {}).flat().length;
}
