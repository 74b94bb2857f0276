import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProducerProcess } from '@order-stream/local-stack/producer';
import { until } from '@order-stream/local-stack/until';

export interface PostedOrder {
  id: string;
  status: number;
  /** The last part of the problem's type; undefined for a 201. */
  problem: string | undefined;
  retryAfter: string | null;
  sentAtMs: number;
  tookMs: number;
  partition: number | undefined;
  offset: string | undefined;
}

export type OrderLoad = ReturnType<typeof startLoad>;

/**
 * Posts orders in several lanes, one after another in each, until `stop` is called or the test ends. An order is posted
 * once: a connection that ends without an answer is an order in doubt.
 */
export function startLoad(
  context: TestContext,
  producer: Pick<ProducerProcess, 'post'>,
  // `perSecond` of all lanes together; Infinity: each lane posts again as soon as it has its answer.
  { lanes = 8, perSecond = 200 } = {},
) {
  const posted: PostedOrder[] = [];
  let posting = true;
  const lane = async () => {
    while (posting) {
      const id = randomUUID();
      const sentAtMs = Date.now();
      const answer = await producer
        .post({
          order_id: id,
          user_id: 'operation',
          order_items: [{ product_id: 1, quantity: 1 }],
        })
        .catch(() => undefined);
      posted.push({
        id,
        status: answer?.status ?? 0,
        problem: answer?.body.type?.split(':').at(-1),
        retryAfter: answer?.headers.get('retry-after') ?? null,
        sentAtMs,
        tookMs: Date.now() - sentAtMs,
        partition: answer?.body.partition as number | undefined,
        offset: answer?.body.offset as string | undefined,
      });
      await pause((lanes * 1_000) / perSecond);
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane));
  const withStatus = (status: number) => posted.filter((one) => one.status === status);
  const stop = async () => {
    posting = false;
    await running;
  };
  context.after(stop);
  return {
    /** Every answered order so far, in the order of the answers. */
    posted,
    acknowledged: () => withStatus(201),
    /** Answered otherwise than by 201. */
    rejected: () => posted.filter(({ status }) => status !== 201),
    /** May be on the topic, although no 201 said so. */
    inDoubt: () =>
      posted.filter(({ status, problem }) => status === 0 || problem === 'timeout-unknown-outcome'),
    /** Resolves when more than this number of further orders are acknowledged. */
    async flows(orders: number): Promise<void> {
      const before = withStatus(201).length;
      await until('orders flow', () => withStatus(201).length > before + orders);
    },
    /** Resolves when every order has its answer. */
    stop,
  };
}
