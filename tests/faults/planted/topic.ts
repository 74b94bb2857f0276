import type { EventOf, HistoryEvent } from '../history-event.ts';
import {
  changed,
  isSamePlace,
  ofKind,
  onlyTopic,
  type Planting,
  placeIn,
  withNext,
  without,
} from './planting.ts';

export const topicPlantings: readonly Planting[] = [
  {
    store: 'topic',
    name: 'lost',
    how: 'an acknowledged record is not in the topic',
    plant(events, choose) {
      const acknowledged = choose(ofKind(events, 'acknowledged'));
      const gone = ofKind(events, 'written').filter(
        (one) => acknowledged && isSamePlace(one, acknowledged),
      );
      return gone[0] && { events: onlyTopic(without(events, gone)), offset: gone[0].offset };
    },
  },
  {
    store: 'topic',
    name: 'duplicate',
    how: 'a record is in the topic twice',
    plant(events, choose) {
      const one = choose(ofKind(events, 'written'));
      if (one === undefined) return undefined;
      const again = { ...one, offset: 10_000 };
      return { events: onlyTopic(withNext(events, one, again)), offset: 10_000 };
    },
  },
  {
    store: 'topic',
    name: 'reordered',
    how: 'an older version follows a newer one',
    plant(events, choose) {
      const acknowledged = ofKind(events, 'acknowledged');
      const written = ofKind(events, 'written').filter((one) =>
        acknowledged.some((other) => isSamePlace(one, other)),
      );
      const isNext = (a: EventOf<'written'>, b: EventOf<'written'>) =>
        a.key === b.key && b.version === a.version + 1;
      const older = choose(written.filter((one) => written.some((other) => isNext(one, other))));
      const newer = written.find((other) => older && isNext(older, other));
      if (older === undefined || newer === undefined) return undefined;
      const moved = events.map((event): HistoryEvent => {
        if (event === older) return { ...older, ...placeIn(newer) };
        if (event === newer) return { ...newer, ...placeIn(older) };
        if (event.event !== 'acknowledged') return event;
        if (isSamePlace(event, older)) return { ...event, ...placeIn(newer) };
        return isSamePlace(event, newer) ? { ...event, ...placeIn(older) } : event;
      });
      return { events: onlyTopic(moved), offset: newer.offset };
    },
  },
  {
    store: 'topic',
    name: 'phantom',
    how: 'a refused record is in the topic',
    plant(events, choose) {
      const refused = choose(ofKind(events, 'refused'));
      const sent = ofKind(events, 'sent').find(({ id }) => id === refused?.id);
      if (sent === undefined) return undefined;
      const { topic, key, version, content } = sent;
      const place = { topic, partition: 0, offset: 10_000 };
      const written: HistoryEvent = {
        event: 'written',
        timestampMs: 0,
        ...place,
        key,
        version,
        content,
      };
      return { events: onlyTopic([...events, written]), offset: 10_000 };
    },
  },
  {
    store: 'topic',
    name: 'phantom',
    how: 'a record has other content than was sent',
    plant(events, choose) {
      const one = choose(ofKind(events, 'written'));
      return (
        one && {
          events: onlyTopic(changed(events, one, { ...one, content: 'other' })),
          offset: one.offset,
        }
      );
    },
  },
  {
    store: 'topic',
    name: 'phantom',
    how: 'a record that a sink must reject has other bytes than were sent',
    plant(events, choose) {
      const one = choose(ofKind(events, 'written').filter(({ bytes }) => bytes));
      if (one === undefined) return undefined;
      const other = { ...one, bytes: { key: one.key, content: 'other' } };
      return { events: onlyTopic(changed(events, one, other)), offset: one.offset };
    },
  },
];
