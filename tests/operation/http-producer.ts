import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startBrokerAndRegistry } from '@order-stream/local-stack/broker-and-registry';
import { startProducer } from '@order-stream/local-stack/producer';
import { createTopic, readAll } from '@order-stream/local-stack/topics';
import { connectRaw } from '../../services/order-producer/src/testing/raw-client.ts';

/** A producer with a topic of its own, and clients that send it bytes. */
export async function startHttpProducer(env: Record<string, string> = {}) {
  const { broker, registry } = await startBrokerAndRegistry();
  const { bootstrapServers } = broker;
  const topic = await createTopic(bootstrapServers);
  const producer = await startProducer({ bootstrapServers, registry, topic, env });
  const port = Number(new URL(producer.url).port);
  return {
    ...producer,
    port,
    connect: () => connectRaw(port),
    /** The ids of the orders on the topic. */
    async writtenIds(): Promise<string[]> {
      const records = await readAll(bootstrapServers, topic);
      return records.map(({ key }) => JSON.parse(String(key)).order_id);
    },
    async metric(name: string): Promise<number> {
      const text = await (await fetch(`${producer.managementUrl}/metrics`)).text();
      const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1];
      assert.ok(value !== undefined, `${name} is exported`);
      return Number(value);
    },
  };
}

/** A new order as JSON. */
export function orderText(userId = 'operation'): { id: string; text: string } {
  const id = randomUUID();
  const order_items = [{ product_id: 1, quantity: 1 }];
  return { id, text: JSON.stringify({ order_id: id, user_id: userId, order_items }) };
}

/** The ids in the 201 answers, in the order in which they came. */
export const acknowledgedIds = (answers: string) =>
  [...answers.matchAll(/^\{"order_id":"([^"]+)"/gm)].map(([, id]) => id as string);
