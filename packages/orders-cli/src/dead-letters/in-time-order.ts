import type { TopicReader, TopicRecord } from '@order-stream/runtime';

/**
 * The records of all partitions, merged by time. The order within a partition is kept, whatever the times are.
 *
 * Partitions cannot be read one after the other: a topic that was given more partitions has dead letters of one key in two
 * of them. Each partition has at most one answer of the brokers in memory.
 */
export async function* inTimeOrder(
  reader: Pick<TopicReader, 'open' | 'read'>,
  timeOf: (record: TopicRecord) => number,
  stop: AbortSignal,
): AsyncGenerator<TopicRecord> {
  const queues = new Map<number, TopicRecord[]>();
  const isEmpty = (partition: number) => (queues.get(partition)?.length ?? 0) === 0;
  for (;;) {
    for (;;) {
      const missing = reader.open().filter(isEmpty);
      if (missing.length === 0) break;
      for (const record of await reader.read(missing)) {
        const queue = queues.get(record.partition);
        if (queue) queue.push(record);
        else queues.set(record.partition, [record]);
      }
      if (stop.aborted) return;
    }
    let next: TopicRecord[] | undefined;
    for (const queue of queues.values()) {
      const [head] = queue;
      if (head === undefined) continue;
      if (next === undefined || timeOf(head) < timeOf(next[0] as TopicRecord)) next = queue;
    }
    if (next === undefined) return;
    yield next.shift() as TopicRecord;
  }
}
