import type { EventOf, HistoryEvent } from '../history-event.ts';
import {
  changed,
  lostDelivery,
  neighbours,
  ofKind,
  type Planting,
  repeatedDelivery,
  swapped,
  unseenDelivery,
} from './planting.ts';

export const deadLetterPlantings: readonly Planting[] = [
  lostDelivery('dead-letters', 'dead-letter', 'a committed record has no letter'),
  unseenDelivery('dead-letters', 'dead-letter', 'a record without a letter is not committed'),
  {
    store: 'dead-letters',
    name: 'reordered',
    how: 'two letters change places',
    plant(events, choose) {
      const pair = choose(
        neighbours(
          ofKind(events, 'dead-letter'),
          (a, b) => a.partition === b.partition && a.sink === b.sink,
        ),
      );
      return pair && { events: swapped(events, ...pair), offset: pair[0].offset };
    },
  },
  phantomLetter('the bytes of a letter differ', (letter) => ({ ...letter, content: 'other' })),
  phantomLetter('the key of a letter differs', (letter) => ({ ...letter, key: 'other' })),
  phantomLetter('a letter names another reason', (letter) => ({ ...letter, reason: 'bug' })),
  phantomLetter('a letter names another sink', (letter) => ({
    ...letter,
    sink: letter.sink === 's3' ? 'dynamodb' : 's3',
  })),
  phantomLetter('a letter of a rejected record names no sink', ({ sink, ...letter }) =>
    sink === undefined ? undefined : letter,
  ),
  phantomLetter('a letter has another time than its record', (letter) => ({
    ...letter,
    timestampMs: letter.timestampMs + 1,
  })),
  {
    store: 'dead-letters',
    name: 'phantom',
    how: 'a letter of a record that was delivered',
    plant(events, choose) {
      const rejected = ofKind(events, 'sent').filter(({ fate }) => fate.startsWith('rejected-by-'));
      const one = choose(
        ofKind(events, 'printed').filter(({ key }) => rejected.every((other) => other.key !== key)),
      );
      if (one === undefined) return undefined;
      const { process, version, event, ...record } = one;
      const at = { ...one, offset: 0 };
      const cause = { reason: 'rejected', sink: 'dynamodb', timestampMs: 0 };
      const letter: HistoryEvent = { event: 'dead-letter', at, ...cause, ...record };
      return { events: [...events, letter], offset: one.offset };
    },
  },
  repeatedDelivery('dead-letters', 'dead-letter', 'a second letter although nothing was killed'),
];

type Letter = EventOf<'dead-letter'>;

/** A letter differs from its record. `change` returns undefined for a letter that it cannot change. */
function phantomLetter(how: string, change: (letter: Letter) => Letter | undefined): Planting {
  return {
    store: 'dead-letters',
    name: 'phantom',
    how,
    plant(events, choose) {
      const one = choose(ofKind(events, 'dead-letter').filter((letter) => change(letter)));
      const other = one && change(one);
      return one && other && { events: changed(events, one, other), offset: one.offset };
    },
  };
}
