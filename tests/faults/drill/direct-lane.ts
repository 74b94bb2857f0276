import { setTimeout as pause } from 'node:timers/promises';
import type { OrderValue } from '@order-stream/local-stack/consumer';
import { rawKafka } from '@order-stream/local-stack/topics';
import { partitionFor } from '@order-stream/runtime';
import type { Answers } from './order-load.ts';
import { chance, createOrderVersions } from './order-versions.ts';
import type { PoisonClass } from './poison.ts';
import { orderContent, poisonContent } from './record-content.ts';

const mostRecords = 50;
const mostBytes = 700_000;

export interface DirectLaneOptions {
  topic: string;
  partitions: number;
  /** The partitions of the orders. Default: all. Poison goes to any partition. */
  orderPartitions?: readonly number[];
  bootstrapServers: string;
  frame: (order: OrderValue) => { key: Buffer; value: Buffer };
  perSecond: number;
  /** How many order ids are in use at once. */
  keys: number;
  /** Each class is in the first batch, and then in this share of the records. */
  poison: readonly PoisonClass[];
  poisonPercent: number;
  tombstones: 'ignored' | 'deleted';
  padding: number;
}

interface DirectRecord {
  id: number;
  /** Absent: poison. */
  orderId?: string;
  key: Buffer;
  value: Buffer | null;
  headers: Record<string, string | Buffer>;
  partition: number;
}

/** Writes batches of orders, tombstones and poison to the topic, until `isSending` is false. */
export async function writeDirectly(
  options: DirectLaneOptions,
  { sent, acknowledged }: Answers,
  isSending: () => boolean,
): Promise<void> {
  const { topic, partitions, bootstrapServers, frame, keys, poison, poisonPercent, padding } =
    options;
  const count = Math.max(1, Math.min(mostRecords, keys, Math.floor(mostBytes / (200 + padding))));
  const isWanted = (order_id: string) => {
    const { key } = frame({ order_id, ordered_at: 0, user_id: '', order_items: [] });
    return options.orderPartitions?.includes(partitionFor(key, partitions)) ?? true;
  };
  const versions = createOrderVersions({
    ...{ count: keys, largestPercent: poisonPercent, padding, isWanted },
  });
  let poisoned = 0;
  let isFirst = true;

  function nextOrder(): DirectRecord {
    const order = versions.next();
    const { key, value } = frame(order);
    const { order_id: orderId } = order;
    const partition = partitionFor(key, partitions);
    const content = orderContent(order);
    if (!chance(poisonPercent))
      return { id: sent('delivered', content), orderId, key, value, headers: {}, partition };
    const id = sent(options.tombstones, { ...content, content: 'null' });
    const headers = { version: String(content.version) };
    return { id, orderId, key, value: null, headers, partition };
  }

  function withPoison(orders: DirectRecord[]): DirectRecord[] {
    const sample = orders.find(({ value }) => value !== null)?.value;
    if (!sample) return orders;
    const all = [...orders];
    for (const { name, fate, make } of poison) {
      if (!isFirst && !chance(poisonPercent * orders.length)) continue;
      poisoned += 1;
      const { value, content } = make(sample);
      const record = {
        // Not UTF-8, so that a copy by way of text would show.
        key: Buffer.from(`${fate} ${name} ${poisoned} \xff`, 'latin1'),
        value,
        headers: { class: name, bytes: Buffer.from([0xff, 0]) },
      };
      const id = sent(fate, poisonContent(record, content), name);
      const partition = Math.floor(Math.random() * partitions);
      all.splice(Math.floor(Math.random() * all.length), 0, { ...record, id, partition });
    }
    isFirst = false;
    return all;
  }

  // A retry could write twice.
  const retry = { retries: 0 };
  const client = rawKafka(bootstrapServers).producer({ allowAutoTopicCreation: false, retry });
  await client.connect();

  async function write(records: readonly DirectRecord[]): Promise<void> {
    const messages = records.map(({ id, orderId, ...message }) => message);
    const answers = await client.send({ topic, acks: -1, messages });
    const next = new Map(answers.map((one) => [one.partition, Number(one.baseOffset)]));
    for (const { id, partition } of records) {
      const offset = next.get(partition) as number;
      next.set(partition, offset + 1);
      acknowledged(id, partition, offset);
    }
  }

  while (isSending()) {
    const startedAt = performance.now();
    const records = withPoison(Array.from({ length: count }, nextOrder));
    await write(records).catch(() => {
      for (const { orderId } of records) if (orderId !== undefined) versions.retire(orderId);
    });
    const restMs = (records.length * 1_000) / options.perSecond - (performance.now() - startedAt);
    if (restMs > 0) await pause(restMs);
  }
  await client.disconnect();
}
