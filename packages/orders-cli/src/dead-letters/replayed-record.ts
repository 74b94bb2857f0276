import type { OutgoingRecord } from '@order-stream/runtime';
import { type DeadLetter, headerPrefix } from './dead-letter.ts';

type Headers = NonNullable<OutgoingRecord['headers']>;
type Values = (Buffer | string)[];

/** The headers that the consumer adds to every dead letter, each after those of its name (its `dead-letter.ts`). */
const alwaysAdded = [
  ...['reason', 'error-class', 'error-message', 'topic', 'partition', 'offset', 'timestamp'],
  ...['consumer-group', 'attempts', 'service-version'],
]
  .map((name) => headerPrefix + name)
  .concat(
    ['topic', 'partition', 'offset', 'stage', 'exception.class.name', 'exception.message'].map(
      (name) => `__connect.errors.${name}`,
    ),
  );
/** Those that it adds to some. If the record itself had one twice, its second one is taken for an added one. */
const sometimesAdded = ['schema-version-id', 'sink'].map((name) => headerPrefix + name);
/** Kept, because a sink orders the record by its origin. */
const originNames = ['topic', 'partition', 'offset', 'timestamp'].map(
  (name) => headerPrefix + name,
);
const replayedName = `${headerPrefix}replayed`;

/**
 * The record to write for a dead letter: key, value and the headers of the original record byte for byte, the place of the
 * original record, and `orders.dlq.replayed`.
 *
 * A record that was replayed before and failed again has the place of its first origin among its own headers. That one is
 * kept, and the place of the replayed record is dropped: it would make an old record look new.
 *
 * @param nowMs with the original timestamp, retention could remove the record at once, or the broker refuse it
 */
export function replayedRecord(letter: DeadLetter, nowMs: number): OutgoingRecord {
  const { key, value, headers: found } = letter.record;
  // Not by assignment: a header may be called `__proto__`.
  const headers: Headers = { ...found };
  const names = Object.keys(found);
  const behindOriginal = firstAdded(found, names);
  for (const name of [...alwaysAdded, ...sometimesAdded]) {
    if (!Object.hasOwn(found, name)) continue;
    const values = valuesOf(found, name);
    const isOrigin = originNames.includes(name);
    let kept = originalValues(name, values, names.indexOf(name) < behindOriginal);
    if (isOrigin && (letter.replayed === 0 || kept.length === 0)) kept = values;
    setValues(headers, name, kept);
  }
  const marks = valuesOf(headers, replayedName);
  const others = letter.replayed === 0 ? marks : marks.slice(0, -1);
  setValues(headers, replayedName, [...others, String(letter.replayed + 1)]);
  return { key, value, headers, timestampMs: nowMs };
}

/**
 * Index of the first name that only the consumer added. The names of the original record stand before it: an added header
 * joins an earlier one of its name, or comes last.
 */
function firstAdded(headers: Headers, names: readonly string[]): number {
  const places = alwaysAdded.flatMap((name) => {
    const at = names.indexOf(name);
    return at < 0 ? [] : [{ at, isAlone: valuesOf(headers, name).length === 1 }];
  });
  const alone = places.filter(({ isAlone }) => isAlone);
  if (alone.length > 0) return Math.min(...alone.map(({ at }) => at));
  return Math.max(...places.map(({ at }) => at)) + 1;
}

function originalValues(name: string, values: Values, isAmongOriginals: boolean): Values {
  if (!isAmongOriginals) return [];
  const isAdded = alwaysAdded.includes(name) || values.length > 1;
  return isAdded ? values.slice(0, -1) : values;
}

function valuesOf(headers: Headers, name: string): Values {
  return Object.hasOwn(headers, name) ? ([headers[name]].flat() as Values) : [];
}

function setValues(headers: Headers, name: string, values: Values): void {
  const [first] = values;
  if (values.length > 1) headers[name] = values;
  else if (values.length === 1) headers[name] = first;
  else delete headers[name];
}
