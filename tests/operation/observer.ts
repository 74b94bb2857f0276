import assert from 'node:assert/strict';
import type { ConsumerProcess } from '@order-stream/local-stack/consumer';
import { until } from '@order-stream/local-stack/until';
import { describeAnomaly } from '../faults/check/anomaly.ts';
import { checkHistory } from '../faults/check-history.ts';
import type { HistoryEvent } from '../faults/history-event.ts';
import { foreignView, lagOf } from './foreign-view.ts';
import type { PostedOrder } from './order-load.ts';

/** Metrics and readiness must be right this long after a situation, at the latest. */
const rightWithinMs = 30_000;

type Order = Pick<PostedOrder, 'id'> & Partial<Pick<PostedOrder, 'partition' | 'offset'>>;

/**
 * Asserts that the printed orders are those answered by 201, and perhaps those in doubt; none other, none missing, and those of
 * a partition in the order of their offsets.
 *
 * @param options.once whether a second printing of an order is a fault as well
 */
export async function assertAllConsumed(
  load: Record<'acknowledged' | 'inDoubt', () => readonly Order[]>,
  consumers: readonly Pick<ConsumerProcess, 'records'>[],
  options: { topic: string; once?: boolean },
): Promise<void> {
  const { topic, once = false } = options;
  const acknowledged = load.acknowledged();
  await until('every order answered by 201 is printed', () => {
    const ids = new Set(consumers.flatMap(printedOf(topic)).map(({ value }) => value.order_id));
    return acknowledged.every(({ id }) => ids.has(id));
  });
  const sent = [...acknowledged, ...load.inDoubt()];
  const history: HistoryEvent[] = [
    { event: 'run', drill: topic, stores: ['stdout'], repeats: once ? [] : ['stdout'] },
    ...sent.flatMap((order, id) => sendOf(topic, order, id)),
    ...consumers.flatMap((consumer, index): HistoryEvent[] => {
      const process = `consumer ${index + 1}`;
      const lines = printedOf(topic)(consumer).map(({ partition, offset, value }) => ({
        ...{ event: 'printed' as const, process, topic, partition, offset },
        ...orderOf(value.order_id),
      }));
      return [{ event: 'started', process }, ...lines];
    }),
  ];
  assert.deepEqual(checkHistory(() => history).map(describeAnomaly), []);
}

const printedOf = (topic: string) => (consumer: Pick<ConsumerProcess, 'records'>) =>
  consumer.records().filter((record) => record.topic === topic);

/** Every id is sent once, and its content is not compared. */
const orderOf = (key: string) => ({ key, version: 1, content: '' });

function sendOf(topic: string, { id: key, partition, offset }: Order, id: number): HistoryEvent[] {
  const sent: HistoryEvent = { event: 'sent', id, topic, fate: 'delivered', ...orderOf(key) };
  if (partition === undefined || offset === undefined) return [sent];
  return [sent, { event: 'acknowledged', id, partition, offset: Number(offset) }];
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
