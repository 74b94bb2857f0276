import type { EventOf, HistoryEvent, Place } from '../history-event.ts';
import type { Anomaly } from './anomaly.ts';
import { letterCauses } from './fates.ts';
import { partitionOf, placeOf, type TopicRecord, type TopicRecords } from './topic-records.ts';

/**
 * Rule of dead letters: one for each record that cannot be decoded, or that a sink rejects, byte for byte, with the place and the
 * time of the record, the reason and the sink.
 *
 * The letters of one partition that have the same cause have the order of their offsets. A sink rejects a record later than one
 * that cannot be decoded becomes a letter. If `repeats` is set, a letter may come again.
 */
export function checkDeadLetters(
  records: TopicRecords,
  events: Iterable<HistoryEvent>,
  options: { repeats: boolean },
): Anomaly[] {
  const store = 'dead-letters';
  const anomalies: Anomaly[] = [];
  const copies = new Map<string, number>();
  const highest = new Map<string, number>();
  const highestLike = (record: TopicRecord) => highest.get(streamOf(record)) ?? -1;
  const isTimeKnown = records.written.length > 0;
  for (const letter of events) {
    if (letter.event !== 'dead-letter') continue;
    const { topic, partition, offset, key, at } = letter;
    const where = { store, topic, partition, offset, key } as const;
    const record = records.find(letter, { key, version: 1 });
    const problem = letterProblem(record, letter, isTimeKnown);
    if (problem !== undefined) {
      const detail = `the letter at ${placeOf(at)}: ${problem}`;
      anomalies.push({ name: 'phantom', ...where, detail });
    }
    if (record === undefined || !hasLetter(record)) continue;
    const times = (copies.get(placeOf(letter)) ?? 0) + 1;
    copies.set(placeOf(letter), times);
    if (times > 1) {
      if (!options.repeats)
        anomalies.push({ name: 'duplicate', ...where, detail: `${times} letters` });
      continue;
    }
    const before = highestLike(record);
    if (before > offset) {
      const detail = `the letter at ${placeOf(at)} comes after the letter of offset ${before}`;
      anomalies.push({ name: 'reordered', ...where, detail });
    } else highest.set(streamOf(record), offset);
  }

  for (const record of [...records.byPartition.values()].flat()) {
    if (!hasLetter(record) || copies.has(placeOf(record))) continue;
    const { topic, partition, offset, key, version } = record;
    const isPassed = records.isCommitted(record) || offset < highestLike(record);
    const detail = isPassed
      ? `no letter, and later records were committed or have one (fate ${record.fate})`
      : `no letter when the run ended (fate ${record.fate})`;
    const name = isPassed ? 'lost' : 'unseen';
    anomalies.push({ name, store, topic, partition, offset, key, version, detail });
  }
  return anomalies;
}

const causeOf = ({ fate }: TopicRecord) => (fate === undefined ? undefined : letterCauses[fate]);
const hasLetter = (record: TopicRecord) => causeOf(record) !== undefined;
const streamOf = (record: TopicRecord) => `${partitionOf(record)} ${record.fate}`;

function letterProblem(
  record: TopicRecord | undefined,
  letter: EventOf<'dead-letter'>,
  isTimeKnown: boolean,
): string | undefined {
  if (!isPlace(letter)) return 'its headers give no place of a record';
  if (record === undefined) return 'the topic holds nothing there';
  const cause = causeOf(record);
  if (record.fate !== undefined && cause === undefined)
    return `the fate of the record is ${record.fate}`;
  const { key, content } = record.bytes ?? record;
  if (key !== letter.key || content !== letter.content)
    return 'its bytes are not those of the record';
  if (cause === undefined) return undefined;
  if (letter.reason !== cause.reason) return `expected the reason ${cause.reason}`;
  if (letter.sink !== cause.sink) return `expected ${cause.sink ?? 'no sink'} as the sink`;
  if (isTimeKnown && letter.timestampMs !== record.timestampMs)
    return 'its time is not that of the record';
  return undefined;
}

/** A header that is missing became NaN, which is null in a history file. */
function isPlace({ partition, offset }: Place): boolean {
  return Number.isInteger(partition) && Number.isInteger(offset);
}
