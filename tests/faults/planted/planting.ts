import type { Anomaly } from '../check/anomaly.ts';
import type { EventOf, Fate, HistoryEvent, StoreName } from '../history-event.ts';

type Chooser = <T>(choices: readonly T[]) => T | undefined;
type Planted = { events: HistoryEvent[]; offset?: number; key?: string } | undefined;

/** Changes a good history so that it has exactly this anomaly. Returns undefined if the history has no place for it. */
export interface Planting {
  store: StoreName;
  name: Anomaly['name'];
  how: string;
  plant(events: readonly HistoryEvent[], choose: Chooser): Planted;
}

export const ofKind = <Name extends HistoryEvent['event']>(
  events: readonly HistoryEvent[],
  name: Name,
) => events.filter((one): one is EventOf<Name> => one.event === name);
/** The records of the topic with a fate. */
export function writtenOf(events: readonly HistoryEvent[], fate: Fate) {
  const keys = new Set(
    ofKind(events, 'sent')
      .filter((one) => one.fate === fate)
      .map(({ key }) => key),
  );
  return ofKind(events, 'written').filter(({ key }) => keys.has(key));
}
export const without = (events: readonly HistoryEvent[], gone: readonly HistoryEvent[]) =>
  events.filter((one) => !gone.includes(one));
export const withNext = (events: readonly HistoryEvent[], one: HistoryEvent, next: HistoryEvent) =>
  events.flatMap((event) => (event === one ? [event, next] : [event]));
export const changed = (events: readonly HistoryEvent[], one: HistoryEvent, other: HistoryEvent) =>
  events.map((event) => (event === one ? other : event));
export const swapped = (events: readonly HistoryEvent[], one: HistoryEvent, other: HistoryEvent) =>
  events.map((event) => (event === one ? other : event === other ? one : event));
/** The group did not come further than this offset. */
export const committedUpTo = (events: readonly HistoryEvent[], partition: number, offset: number) =>
  events.filter(
    (one) => one.event !== 'committed' || one.partition !== partition || one.offset <= offset,
  );
export const repeatsNothing = (events: readonly HistoryEvent[]) =>
  ofKind(events, 'run').every(({ repeats }) => repeats.length === 0);
export const isSamePlace = (
  a: { partition: number; offset: number },
  b: { partition: number; offset: number },
) => a.partition === b.partition && a.offset === b.offset;
export const placeIn = ({ partition, offset }: { partition: number; offset: number }) => ({
  partition,
  offset,
});
/** The last event of each partition, by offset. */
export const lastOfPartition = <T extends { partition: number; offset: number }>(
  all: readonly T[],
) =>
  all.filter(
    (one) =>
      !all.some(({ partition, offset }) => partition === one.partition && offset > one.offset),
  );
export const onlyTopic = (events: readonly HistoryEvent[]): HistoryEvent[] =>
  events.map((one) => (one.event === 'run' ? { ...one, stores: ['topic'] } : one));

/** The newest record of each key, if its item was made of it at the last look. */
export function lastItems(events: readonly HistoryEvent[]) {
  const items = ofKind(events, 'item');
  const last = ofKind(events, 'look').length;
  return items.filter(({ look }) => look === last);
}

/** Neighbours among the events of one stream, each the only event of its place. */
export function neighbours<T extends HistoryEvent & { partition: number; offset: number }>(
  all: readonly T[],
  isSameStream: (a: T, b: T) => boolean,
): [T, T][] {
  const isSingle = (one: T) => all.filter((other) => isSamePlace(one, other)).length === 1;
  return all.flatMap((one, index): [T, T][] => {
    const next = all.slice(index + 1).find((other) => isSameStream(one, other));
    if (next === undefined || one.offset >= next.offset) return [];
    return isSingle(one) && isSingle(next) ? [[one, next]] : [];
  });
}

export function isOlder(line: EventOf<'printed'>, item: { key: string; version: number }): boolean {
  return line.content !== 'null' && line.key === item.key && line.version < item.version;
}

/** The kinds of events of which each stands for one delivery of a record. */
type DeliveryKind = 'printed' | 'dead-letter';

/** Every delivery of a committed record is missing. */
export const lostDelivery = (store: StoreName, kind: DeliveryKind, how: string): Planting => ({
  store,
  name: 'lost',
  how,
  plant(events, choose) {
    const one = choose(ofKind(events, kind));
    if (one === undefined) return undefined;
    const gone = ofKind(events, kind).filter((other) => isSamePlace(one, other));
    return { events: without(events, gone), offset: one.offset };
  },
});

/** Every delivery of a partition's last record is missing, and the group did not come as far. */
export const unseenDelivery = (store: StoreName, kind: DeliveryKind, how: string): Planting => ({
  store,
  name: 'unseen',
  how,
  plant(events, choose) {
    const all = ofKind(events, kind);
    const one = choose(lastOfPartition(all));
    if (one === undefined) return undefined;
    const rest = without(
      events,
      all.filter((other) => isSamePlace(one, other)),
    );
    return { events: committedUpTo(rest, one.partition, one.offset), offset: one.offset };
  },
});

/** A delivery repeats although nothing was killed. */
export const repeatedDelivery = (store: StoreName, kind: DeliveryKind, how: string): Planting => ({
  store,
  name: 'duplicate',
  how,
  plant(events, choose) {
    const one = choose(ofKind(events, kind));
    return one && repeatsNothing(events)
      ? { events: withNext(events, one, one), offset: one.offset }
      : undefined;
  },
});
