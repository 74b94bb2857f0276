import type { HistoryEvent } from '../history-event.ts';
import {
  changed,
  committedUpTo,
  isOlder,
  lastItems,
  ofKind,
  type Planting,
  withNext,
  without,
  writtenOf,
} from './planting.ts';

export const dynamodbPlantings: readonly Planting[] = [
  {
    store: 'dynamodb',
    name: 'lost',
    how: 'an item is missing',
    plant(events, choose) {
      const one = choose(lastItems(events));
      return one && { events: without(events, [one]), key: one.key };
    },
  },
  {
    store: 'dynamodb',
    name: 'lost',
    how: 'an item was never replaced by the newest version',
    plant(events, choose) {
      const older = ofKind(events, 'printed');
      const one = choose(
        lastItems(events).filter((item) => older.some((line) => isOlder(line, item))),
      );
      const line = one && older.find((other) => isOlder(other, one));
      if (one === undefined || line === undefined) return undefined;
      const gone = ofKind(events, 'item').filter((item) => item.key === one.key && item !== one);
      const { process, ...record } = line;
      const item: HistoryEvent = { ...record, event: 'item', look: one.look };
      return { events: changed(without(events, gone), one, item), key: one.key };
    },
  },
  {
    store: 'dynamodb',
    name: 'duplicate',
    how: 'a key has two items',
    plant(events, choose) {
      const one = choose(lastItems(events));
      return one && { events: withNext(events, one, one), key: one.key };
    },
  },
  {
    store: 'dynamodb',
    name: 'reordered',
    how: 'an item was older at a later look',
    plant(events, choose) {
      const older = ofKind(events, 'printed');
      const last = lastItems(events);
      const deleted = ofKind(events, 'sent').filter(({ fate }) => fate === 'deleted');
      const kept = last.filter((item) => deleted.every(({ key }) => key !== item.key));
      const one = choose(kept.filter((item) => older.some((line) => isOlder(line, item))));
      const line = one && older.find((other) => isOlder(other, one));
      if (one === undefined || line === undefined) return undefined;
      const { process, ...record } = line;
      const back: HistoryEvent = { ...record, event: 'item', look: one.look + 1 };
      const again = last.map((item) => ({ ...item, look: one.look + 2 }));
      const looks = [one.look + 1, one.look + 2].map((look) => ({ event: 'look' as const, look }));
      return {
        events: [...events, looks[0] as HistoryEvent, back, looks[1] as HistoryEvent, ...again],
        key: one.key,
      };
    },
  },
  {
    store: 'dynamodb',
    name: 'phantom',
    how: 'an item has other content than its record',
    plant(events, choose) {
      const one = choose(lastItems(events));
      return one && { events: changed(events, one, { ...one, content: 'other' }), key: one.key };
    },
  },
  {
    store: 'dynamodb',
    name: 'phantom',
    how: 'an item of a record that DynamoDB must reject',
    plant(events, choose) {
      const one = choose(writtenOf(events, 'rejected-by-dynamodb'));
      if (one === undefined) return undefined;
      const { timestampMs, bytes, ...record } = one;
      const item: HistoryEvent = { ...record, event: 'item', look: ofKind(events, 'look').length };
      return { events: [...events, item], key: one.key };
    },
  },
  {
    store: 'dynamodb',
    name: 'unseen',
    how: 'an item is missing, and its record is not committed',
    plant(events, choose) {
      const one = choose(lastItems(events));
      if (one === undefined) return undefined;
      const rest = committedUpTo(without(events, [one]), one.partition, one.offset);
      return { events: rest, key: one.key };
    },
  },
  {
    store: 'dynamodb',
    name: 'lost',
    how: 'an item whose key was deleted is still there',
    plant(events, choose) {
      const items = lastItems(events);
      const gone = ofKind(events, 'printed').filter(
        (line) => line.content === 'null' && items.every(({ key }) => key !== line.key),
      );
      const older = ofKind(events, 'printed').filter((line) =>
        gone.some((other) => isOlder(line, other)),
      );
      const one = choose(older);
      if (one === undefined) return undefined;
      const { process, ...record } = one;
      const item: HistoryEvent = { ...record, event: 'item', look: ofKind(events, 'look').length };
      return { events: [...events, item], key: one.key };
    },
  },
];
