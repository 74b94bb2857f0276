import type { EventOf, HistoryEvent } from '../history-event.ts';
import type { Anomaly } from './anomaly.ts';
import { isStored, storedFates } from './fates.ts';
import {
  deliveryProblem,
  identityOf,
  partitionOf,
  placeOf,
  type TopicRecord,
  type TopicRecords,
} from './topic-records.ts';

/**
 * Rule of S3: the files of a partition begin at its first offset, each where the one before it ends, and each deliverable record
 * below the last end is exactly one line, in its file, after the lines with lower offsets.
 */
export function checkS3(records: TopicRecords, events: Iterable<HistoryEvent>): Anomaly[] {
  const store = 's3';
  const anomalies: Anomaly[] = [];
  const files = new Map<string, EventOf<'file'>>();
  const lines: EventOf<'line'>[] = [];
  for (const event of events)
    if (event.event === 'file') files.set(event.name, event);
    else if (event.event === 'line') lines.push(event);
  const all = [...records.byPartition.values()].flat();
  const byIdentity = new Map(all.map((one) => [identityOf(one), one]));

  const fileOf = new Map<string, string>();
  const lastLine = new Map<string, TopicRecord>();
  for (const line of lines) {
    const { key, version } = line;
    const file = files.get(line.file);
    if (file === undefined)
      throw new Error(`expected an event \`file\` of ${line.file}, found none`);
    const record = byIdentity.get(identityOf({ ...line, topic: file.topic }));
    const problem = lineProblem(record, line, file);
    if (problem !== undefined) {
      const { topic, partition } = file;
      const detail = `a line of ${line.file}: ${problem}`;
      anomalies.push({ name: 'phantom', store, topic, partition, key, version, detail });
    }
    if (record === undefined) continue;
    const { topic, partition, offset } = record;
    const where = { store, topic, partition, offset, key, version } as const;
    const other = fileOf.get(placeOf(record));
    const before = lastLine.get(line.file);
    if (other !== undefined) {
      const detail = `a line of ${other} and of ${line.file}`;
      anomalies.push({ name: 'duplicate', ...where, detail });
    } else if (before !== undefined && before.offset > offset) {
      const detail = `after the line of offset ${before.offset} in ${line.file}`;
      anomalies.push({ name: 'reordered', ...where, detail });
    } else lastLine.set(line.file, record);
    fileOf.set(placeOf(record), line.file);
  }

  const ends = new Map<string, number>();
  const sorted = [...files.values()].sort((a, b) => a.first - b.first);
  for (const { name, topic, partition, first, next } of sorted) {
    const end = ends.get(partitionOf({ topic, partition })) ?? 0;
    const where = { store, topic, partition, offset: Math.min(first, end) } as const;
    if (first > end) {
      const detail = `no file holds the offsets from ${end} to ${first - 1}; ${name} begins after them`;
      anomalies.push({ name: 'lost', ...where, detail });
    } else if (first < end) {
      const detail = `${name} begins before the end of an earlier file, which is ${end}`;
      anomalies.push({ name: 'duplicate', ...where, detail });
    }
    ends.set(partitionOf({ topic, partition }), Math.max(end, next));
  }

  for (const record of all) {
    if (!isStored('s3', record.fate) || fileOf.has(placeOf(record))) continue;
    const { topic, partition, offset, key, version } = record;
    const isInRange = offset < (ends.get(partitionOf(record)) ?? 0);
    const isPassed = isInRange || records.isCommitted(record);
    const detail = isInRange
      ? 'no file has its line, and files end after it'
      : `no file reaches it, and it is ${isPassed ? '' : 'not '}committed`;
    const name = isPassed ? 'lost' : 'unseen';
    anomalies.push({ name, store, topic, partition, offset, key, version, detail });
  }
  return anomalies;
}

function lineProblem(
  record: TopicRecord | undefined,
  line: EventOf<'line'>,
  file: EventOf<'file'>,
): string | undefined {
  const problem = deliveryProblem(record, line, storedFates.s3);
  if (record === undefined || problem !== undefined) return problem;
  if (partitionOf(record) !== partitionOf(file)) return 'the record is of another partition';
  if (record.offset < file.first || record.offset >= file.next)
    return `its offset ${record.offset} is outside the range of the file`;
  return undefined;
}
