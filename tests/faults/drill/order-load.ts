import { setTimeout as pause } from 'node:timers/promises';
import type { ProducerProcess } from '@order-stream/local-stack/producer';
import { until } from '@order-stream/local-stack/until';
import type { Fate, HistoryEvent, RecordContent, WithBytes } from '../history-event.ts';
import { type DirectLaneOptions, writeDirectly } from './direct-lane.ts';
import { createOrderVersions } from './order-versions.ts';
import { orderContent } from './record-content.ts';

const postLanes = 4;

/** Records what is sent and what comes of it. */
export interface Answers {
  /** Returns the id of the send. */
  sent(fate: Fate, content: RecordContent & WithBytes, poison?: string): number;
  acknowledged(id: number, partition: number, offset: number): void;
}

export type DrillLoad = ReturnType<typeof startDrillLoad>;

export type DrillLoadOptions = Pick<
  DirectLaneOptions,
  'topic' | 'partitions' | 'orderPartitions' | 'bootstrapServers' | 'frame' | 'poison'
> & {
  record(event: HistoryEvent): void;
  /** Ids of sends are unique in a history, which may have several loads. */
  nextId(): number;
  /** Also posts orders through this producer. */
  producer?: Pick<ProducerProcess, 'post'> | undefined;
  directPerSecond?: number;
  postedPerSecond?: number;
  /** How many order ids are in use at once. Default 200. */
  keys?: number;
  /** Of each class of poison, of orders with 2^63 − 1, and of tombstones. Default 1. */
  poisonPercent?: number;
  /** What the consumer does with tombstones. Default `ignored`. */
  tombstones?: 'ignored' | 'deleted';
  /** Makes each order this much longer. */
  padding?: number;
};

/**
 * Sends orders until `stop`: further versions of each order id, each after the one before it was acknowledged. An order id that
 * is in doubt is not used again.
 */
export function startDrillLoad(options: DrillLoadOptions) {
  const { topic, record, producer, keys = 200, padding = 0 } = options;
  const { directPerSecond = 500, postedPerSecond = 50, poisonPercent = 1 } = options;
  const { tombstones = 'ignored' } = options;
  let isSending = true;
  let acknowledgements = 0;
  const answers: Answers = {
    sent(fate, content, poison) {
      const id = options.nextId();
      record({ event: 'sent', id, topic, fate, ...content, ...(poison && { poison }) });
      return id;
    },
    acknowledged(id, partition, offset) {
      acknowledgements += 1;
      record({ event: 'acknowledged', id, partition, offset });
    },
  };

  async function post({ post }: Pick<ProducerProcess, 'post'>): Promise<void> {
    const count = Math.ceil(keys / postLanes);
    const versions = createOrderVersions({ count, largestPercent: poisonPercent, padding });
    while (isSending) {
      const order = versions.next();
      const id = answers.sent('delivered', orderContent(order));
      // A JSON number beyond 2^53 − 1 is refused.
      const order_items = order.order_items.map(({ product_id, quantity }) => ({
        product_id: String(product_id),
        quantity,
      }));
      const answer = await post({ ...order, order_items }).catch(() => undefined);
      if (answer?.status === 201) {
        const { partition, offset } = answer.body as { partition: number; offset: string };
        answers.acknowledged(id, partition, Number(offset));
      } else if (answer === undefined || answer.body.type?.endsWith('timeout-unknown-outcome'))
        versions.retire(order.order_id);
      else record({ event: 'refused', id });
      await pause((postLanes * 1_000) / postedPerSecond);
    }
  }

  const lanes: Promise<void>[] = [];
  if (producer) for (let lane = 0; lane < postLanes; lane += 1) lanes.push(post(producer));
  if (directPerSecond > 0) {
    const direct = { keys, poisonPercent, padding, tombstones, perSecond: directPerSecond };
    lanes.push(writeDirectly({ ...options, ...direct }, answers, () => isSending));
  }
  const running = Promise.all(lanes);
  let failure: { error: unknown } | undefined;
  running.catch((error: unknown) => {
    failure = { error };
  });
  return {
    /** Resolves when this many further records are acknowledged. Rejects when a lane has failed. */
    async flows(count: number): Promise<void> {
      const before = acknowledgements;
      const isDone = () => failure !== undefined || acknowledgements >= before + count;
      await until(`${count} further records are acknowledged`, isDone, 60_000);
      if (failure !== undefined) throw failure.error;
    },
    /** Resolves when every record has its answer. */
    async stop(): Promise<void> {
      isSending = false;
      await running;
    },
  };
}
