import type {
  EventOf,
  Fate,
  HistoryEvent,
  Place,
  RecordContent,
  WithBytes,
} from '../history-event.ts';

/** A record that the topic holds, as far as the history knows. */
export interface TopicRecord extends Place, RecordContent, WithBytes {
  /** Undefined: the topic holds the record, but nobody sent it. */
  fate: Fate | undefined;
  timestampMs: number;
}

export const placeOf = ({ topic, partition, offset }: Place) => `${topic}/${partition}/${offset}`;
export const partitionOf = ({ topic, partition }: Omit<Place, 'offset'>) => `${topic}/${partition}`;

/** A version of a key is sent once, so topic, key and version identify it. */
export const identityOf = (record: { topic: string; key: string; version: number }) =>
  `${record.topic}/${record.version}/${record.key}`;

export type TopicRecords = ReturnType<typeof collectTopicRecords>;

/**
 * What the stores are compared with: the records of the topic as another client read them (`written`), or, in a history
 * without them, the acknowledged ones.
 */
export function collectTopicRecords(events: Iterable<HistoryEvent>) {
  const sent = new Map<number, EventOf<'sent'>>();
  const acknowledged: EventOf<'acknowledged'>[] = [];
  const refused = new Set<number>();
  const written: EventOf<'written'>[] = [];
  /** By partition: the highest next offset that the group committed. */
  const committed = new Map<string, number>();
  for (const event of events) {
    if (event.event === 'sent') sent.set(event.id, event);
    else if (event.event === 'acknowledged') acknowledged.push(event);
    else if (event.event === 'refused') refused.add(event.id);
    else if (event.event === 'written') written.push(event);
    else if (event.event === 'committed')
      committed.set(
        partitionOf(event),
        Math.max(event.offset, committed.get(partitionOf(event)) ?? 0),
      );
  }
  const bySent = new Map([...sent.values()].map((one) => [identityOf(one), one]));
  const byPlace = new Map<string, TopicRecord>();
  if (written.length > 0)
    for (const one of written)
      byPlace.set(placeOf(one), { ...one, fate: bySent.get(identityOf(one))?.fate });
  else
    for (const { id, partition, offset } of acknowledged) {
      const one = sent.get(id);
      if (one === undefined) continue;
      byPlace.set(placeOf({ ...one, partition, offset }), {
        ...{ ...one, partition, offset },
        timestampMs: 0,
      });
    }
  const answered = new Set([...refused, ...acknowledged.map(({ id }) => id)]);
  const sorted = [...byPlace.values()].sort((a, b) => a.offset - b.offset);
  return {
    sent,
    acknowledged,
    refused,
    written,
    bySent,
    byPlace,
    byPartition: Map.groupBy(sorted, partitionOf),
    /** Whether the history says that the group has passed this offset. */
    isCommitted: (place: Place) => place.offset < (committed.get(partitionOf(place)) ?? 0),
    /** The record at this place. One without an answer may be anywhere in a history without `written` events. */
    find(place: Place, content: { key: string; version: number }): TopicRecord | undefined {
      const record = byPlace.get(placeOf(place));
      if (record !== undefined || written.length > 0) return record;
      const one = bySent.get(identityOf({ ...place, ...content }));
      if (one === undefined || answered.has(one.id)) return undefined;
      return { ...one, ...place, timestampMs: 0 };
    },
  };
}

/** Whether two records have the same key, version and content. */
export function isSameRecord(a: RecordContent, b: RecordContent): boolean {
  return a.key === b.key && a.version === b.version && a.content === b.content;
}

/** Whether two records have the same bytes, as far as the content does not say so. */
export function isSameBytes({ bytes: a }: WithBytes, { bytes: b }: WithBytes): boolean {
  return a?.key === b?.key && a?.content === b?.content;
}

/**
 * Why a sink must not hold `found`, or undefined.
 *
 * @param record what the topic holds where `found` says that it comes from
 * @param fates of the records that the sink stores
 */
export function deliveryProblem(
  record: TopicRecord | undefined,
  found: RecordContent,
  fates: readonly Fate[],
): string | undefined {
  if (record === undefined) return 'the topic holds no such record';
  if (!isSameRecord(record, found)) return 'the record in the topic has other content';
  if (record.fate !== undefined && !fates.includes(record.fate))
    return `the fate of the record is ${record.fate}`;
  return undefined;
}
