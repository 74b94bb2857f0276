import type { Anomaly } from './anomaly.ts';
import {
  identityOf,
  isSameBytes,
  isSameRecord,
  placeOf,
  type TopicRecords,
} from './topic-records.ts';

/**
 * Rule of the topic: each acknowledged record is at its place, nothing is there that was not sent or was refused, nothing is
 * there twice, and the versions of a key have ascending offsets. Versions in several partitions are not compared.
 */
export function checkTopic(records: TopicRecords): Anomaly[] {
  const { sent, acknowledged, refused, written, bySent, byPlace } = records;
  const store = 'topic';
  const anomalies: Anomaly[] = [];
  for (const { id, partition, offset } of acknowledged) {
    const one = sent.get(id);
    if (one === undefined) continue;
    const place = { topic: one.topic, partition, offset };
    const found = byPlace.get(placeOf(place));
    if (found !== undefined && identityOf(found) === identityOf(one)) continue;
    const { key, version } = one;
    const detail = `acknowledged, but the topic holds ${found ? 'another record' : 'nothing'} there`;
    anomalies.push({ name: 'lost', store, ...place, key, version, detail });
  }

  const seen = new Set<string>();
  const newest = new Map<string, { version: number }>();
  for (const record of [...written].sort((a, b) => a.offset - b.offset)) {
    const { topic, partition, offset, key, version } = record;
    const where = { store, topic, partition, offset, key, version } as const;
    const one = bySent.get(identityOf(record));
    if (one === undefined || refused.has(one.id)) {
      const detail = one ? 'written, although it was refused' : 'nobody sent it';
      anomalies.push({ name: 'phantom', ...where, detail });
      continue;
    }
    if (!isSameRecord(one, record) || !isSameBytes(one, record))
      anomalies.push({ name: 'phantom', ...where, detail: 'written with other content than sent' });
    if (seen.has(identityOf(record))) {
      anomalies.push({ name: 'duplicate', ...where, detail: 'written twice' });
      continue;
    }
    seen.add(identityOf(record));
    const before = newest.get(`${topic}/${partition}/${key}`);
    if (before !== undefined && before.version > version) {
      const detail = `written after version ${before.version}`;
      anomalies.push({ name: 'reordered', ...where, detail });
    } else newest.set(`${topic}/${partition}/${key}`, record);
  }
  return anomalies;
}
