import assert from 'node:assert/strict';
import { type AwsProxy, createAwsProxy } from '@order-stream/local-stack/aws-proxy';
import type { TcpProxy } from '@order-stream/local-stack/tcp-proxy';
import { until } from '@order-stream/local-stack/until';
import { startDrill } from '../drill/drill.ts';
import { type DrillSite, rounds } from '../drill/drill-pace.ts';
import { startDrillStores } from '../drill/drill-stores.ts';
import { killAt } from '../drill/kill-at.ts';
import type { RecordedConsumer } from '../drill/recorded-consumer.ts';
import { shortSessions } from '../drill/short-sessions.ts';
import {
  type FaultChannel,
  faultPoints,
  type killDrills,
  unknownRequests,
} from '../fault-points.ts';

/** Files above S3's smallest part. One partition and long orders fill them before the time is over. */
const uploads = {
  partitions: 1,
  env: {
    ...{ SINKS: 's3,stdout', S3_PART_BYTES: '5242880' },
    ...{ S3_FLUSH_RECORDS: '80', S3_FLUSH_MS: '20000' },
  },
  load: { directPerSecond: 30, postedPerSecond: 0, padding: 100_000, poisonPercent: 0.2 },
};

/** Kills the consumer at each fault point of one drill, one after another, under load. */
export async function killPointsDrill(site: DrillSite, name: (typeof killDrills)[number]) {
  const { context, broker, registry, rate } = site;
  const sinks =
    name === 'stdout' ? undefined : await startDrillStores(site, { dynamodb: 'moto', s3: 'moto' });
  const drill = await startDrill(site, {
    name: `kill-points-${name}`,
    repeats: ['stdout', 'dead-letters'],
    ...(sinks && { sinks, tombstones: 'deleted' }),
    ...(name === 'uploads' && { partitions: uploads.partitions }),
    env: { ...shortSessions, ...(name === 'uploads' && uploads.env) },
  });
  const registryProxy = await createAwsProxy({ target: registry.endpoint });
  context.after(() => registryProxy.close());
  const proxies: Partial<Record<FaultChannel, TcpProxy | AwsProxy>> = {
    ...{ kafka: broker.proxy, registry: registryProxy },
    ...sinks?.proxies,
  };
  const startMember = () =>
    drill.startMember({
      bootstrapServers: broker.proxiedServers,
      env: { AWS_ENDPOINT_URL_GLUE: registryProxy.endpoint },
      waitUntilReady: false,
    });
  const perSecond = name === 'stdout' ? 200 : 60;
  const load = await drill.startLoad({
    ...{ directPerSecond: perSecond * rate, postedPerSecond: 20 * rate },
    ...(name === 'uploads' && uploads.load),
  });

  const steps = faultPoints
    .filter(({ drills }) => drills.includes(name))
    .flatMap(({ moments, ...point }) => moments.map((moment) => ({ ...point, moment })));
  let member: RecordedConsumer | undefined;
  for (const _ of rounds(site))
    for (const { channel, request, moment } of steps) {
      const proxy = proxies[channel];
      assert.ok(proxy, `the drill ${name} has ${channel}`);
      drill.note(`killed ${moment} ${request}`);
      // Before the process starts, because it sends some requests before it takes its first record.
      const planned = killAt(proxy, request, moment, () => member?.kill());
      member ??= await startMember();
      await until(`${member.name} sends ${request}`, planned.isDone, 60_000);
      // The request may have been one that an earlier process had sent.
      member.kill();
      await member.exited;
      member = undefined;
      if (moment !== 'late') continue;
      member = await startMember();
      await drill.printsMore(member);
      await planned.arrive();
    }
  member ??= await startMember();
  await load.flows(100);
  const figures = await drill.finish();
  for (const [channel, proxy] of Object.entries(proxies))
    assert.deepEqual(unknownRequests(channel as FaultChannel, proxy.seen().keys()), []);
  return figures;
}
