import assert from 'node:assert/strict';
import type { ConsumerProcess } from '@order-stream/local-stack/consumer';
import { until } from '@order-stream/local-stack/until';
import { foreignView, lagOf } from './foreign-view.ts';
import type { PostedOrder } from './order-load.ts';

/** Metrics and readiness must be right this long after a situation, at the latest. */
const rightWithinMs = 30_000;

/**
 * Asserts that the printed orders are those answered by 201, and perhaps those in doubt; none other, and none missing.
 *
 * @param options.once whether a second printing of an order is a fault as well
 */
export async function assertAllConsumed(
  load: Record<'acknowledged' | 'inDoubt', () => readonly Pick<PostedOrder, 'id'>[]>,
  consumers: readonly Pick<ConsumerProcess, 'records'>[],
  options: { topic: string; once?: boolean },
): Promise<void> {
  const printed = () =>
    consumers
      .flatMap((consumer) => consumer.records())
      .filter(({ topic }) => topic === options.topic)
      .map(({ value }) => value.order_id);
  const acknowledged = load.acknowledged().map(({ id }) => id);
  await until('every order answered by 201 is printed', () => {
    const ids = new Set(printed());
    return acknowledged.every((id) => ids.has(id));
  });
  const allowed = new Set([...acknowledged, ...load.inDoubt().map(({ id }) => id)]);
  const all = printed();
  assert.deepEqual(
    all.filter((id) => !allowed.has(id)),
    [],
    'no order is printed that was answered otherwise',
  );
  if (options.once) assert.equal(all.length, new Set(all).size, 'no order is printed twice');
}

/**
 * Waits until each consumer is ready and alive, and until each exported lag is what another client computes. Together the
 * consumers must export the lag of every partition.
 */
export async function assertObserved(
  consumers: readonly Pick<ConsumerProcess, 'faults' | 'managementUrl'>[],
  where: { bootstrapServers: string; groupId: string; topics: readonly string[] },
): Promise<void> {
  let last = '';
  const agrees = async () => {
    const view = await foreignView(where.bootstrapServers, where.groupId, where.topics);
    const expected = new Map(
      view.partitions.map((one) => [`${one.topic}/${one.partition}`, lagOf(one)]),
    );
    const faults = (
      await Promise.all(consumers.flatMap((one) => [one.faults('/readyz'), one.faults('/healthz')]))
    ).flat();
    const exported = (await Promise.all(consumers.map(lagsOf))).flat();
    const seen = new Set(exported.map(({ place }) => place));
    const wrong = [
      ...faults,
      ...exported
        .filter(({ place, lag }) => expected.get(place) !== lag)
        .map(({ place, lag }) => `${place} exports ${lag}, expected ${expected.get(place)}`),
      ...[...expected.keys()].filter((place) => !seen.has(place)).map((place) => `${place} absent`),
    ];
    last = wrong.join('; ');
    return wrong.length === 0;
  };
  await until('readiness and lag agree with another client', agrees, rightWithinMs).catch(
    ({ message, cause }: Error) => {
      throw new Error(`${message}: ${last}`, { cause });
    },
  );
}

async function lagsOf({ managementUrl }: Pick<ConsumerProcess, 'managementUrl'>) {
  const text = await (await fetch(`${managementUrl}/metrics`)).text();
  return [...text.matchAll(/^orders_consumer_lag_records\{(.*)\} (\S+)$/gm)].map(
    ([, labels = '', value]) => {
      const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1];
      return { place: `${label('topic')}/${label('partition')}`, lag: Number(value) };
    },
  );
}
