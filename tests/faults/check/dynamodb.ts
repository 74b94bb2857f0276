import type { EventOf, HistoryEvent } from '../history-event.ts';
import type { Anomaly } from './anomaly.ts';
import { isStored, storedFates } from './fates.ts';
import {
  deliveryProblem,
  partitionOf,
  type TopicRecord,
  type TopicRecords,
} from './topic-records.ts';

/**
 * Rule of DynamoDB: after the run, each key has one item, made of the newest of its deliverable records, or none if that record is
 * a tombstone. From one look to the next no item gets older. An item that stayed older is `lost`: the newest record is not in the
 * table. A deleted item leaves no trace, so older versions of a key with tombstones may come back for a while.
 */
export function checkDynamodb(records: TopicRecords, events: Iterable<HistoryEvent>): Anomaly[] {
  const store = 'dynamodb';
  const anomalies: Anomaly[] = [];
  const stored = new Map<string, { item: EventOf<'item'>; record: TopicRecord }>();
  let lastLook = 0;
  const all = [...records.byPartition.values()].flat();
  const deletedKeys = new Set(all.filter(({ fate }) => fate === 'deleted').map(({ key }) => key));
  for (const item of events) {
    if (item.event === 'look') lastLook = item.look;
    if (item.event !== 'item') continue;
    const { topic, partition, offset, key, version, look } = item;
    const where = { store, topic, partition, offset, key, version } as const;
    const record = records.find(item, item);
    const problem = deliveryProblem(record, item, storedFates.dynamodb);
    if (problem !== undefined)
      anomalies.push({ name: 'phantom', ...where, detail: `an item: ${problem}` });
    if (record === undefined) continue;
    const before = stored.get(key);
    if (before?.item.look === look)
      anomalies.push({ name: 'duplicate', ...where, detail: 'two items with this key' });
    else if (before && !deletedKeys.has(key) && isNewer(before.record, record)) {
      const detail = `version ${before.item.version} was in the table before`;
      anomalies.push({ name: 'reordered', ...where, detail });
    }
    stored.set(key, { item, record });
  }

  const newest = new Map<string, TopicRecord>();
  for (const record of all) {
    if (record.fate !== 'deleted' && !isStored('dynamodb', record.fate)) continue;
    const other = newest.get(record.key);
    if (other === undefined || isNewer(record, other)) newest.set(record.key, record);
  }
  for (const record of newest.values()) {
    const found = stored.get(record.key);
    const item = found?.item.look === lastLook ? found : undefined;
    if (record.fate === 'deleted' ? !item : item && !isNewer(record, item.record)) continue;
    const { topic, partition, offset, key, version } = record;
    const holds = item ? `the item is of version ${item.item.version}` : 'no item has this key';
    const isPassed = records.isCommitted(record);
    anomalies.push({
      ...{ name: isPassed ? 'lost' : 'unseen', store, topic, partition, offset, key, version },
      detail: `${holds}, and this record is ${isPassed ? '' : 'not '}committed`,
    });
  }
  return anomalies;
}

/** Within a partition the higher offset is newer; across partitions the later timestamp, then the higher partition. */
function isNewer(a: TopicRecord, b: TopicRecord): boolean {
  if (partitionOf(a) === partitionOf(b)) return a.offset > b.offset;
  if (a.timestampMs !== b.timestampMs) return a.timestampMs > b.timestampMs;
  return a.partition > b.partition;
}
