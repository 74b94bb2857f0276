import type { HistoryEvent } from '../history-event.ts';
import {
  lostDelivery,
  neighbours,
  ofKind,
  type Planting,
  repeatedDelivery,
  repeatsNothing,
  swapped,
  unseenDelivery,
  withNext,
} from './planting.ts';

export const stdoutPlantings: readonly Planting[] = [
  lostDelivery('stdout', 'printed', 'a committed record was never printed'),
  unseenDelivery('stdout', 'printed', 'the last record was never printed, nor committed'),
  repeatedDelivery('stdout', 'printed', 'a line repeats although nothing was killed'),
  {
    store: 'stdout',
    name: 'reordered',
    how: 'two lines of a process change places',
    plant(events, choose) {
      const pair = choose(
        neighbours(
          ofKind(events, 'printed'),
          (a, b) => a.process === b.process && a.partition === b.partition,
        ),
      );
      return pair && { events: swapped(events, ...pair), offset: pair[0].offset };
    },
  },
  {
    store: 'stdout',
    name: 'phantom',
    how: 'a line of a record that the topic does not hold',
    plant(events, choose) {
      const one = choose(ofKind(events, 'printed'));
      return one && { events: withNext(events, one, { ...one, offset: 20_000 }), offset: 20_000 };
    },
  },
  {
    store: 'stdout',
    name: 'phantom',
    how: 'a line of a dead letter',
    plant(events, choose) {
      const poison = ofKind(events, 'sent').filter(
        ({ fate }) => fate === 'dead-letter' || fate === 'ignored',
      );
      const one = choose(
        ofKind(events, 'written').filter(({ key }) => poison.some((p) => p.key === key)),
      );
      if (one === undefined) return undefined;
      const { timestampMs, ...record } = one;
      const line: HistoryEvent = { ...record, event: 'printed', process: 'member-1' };
      const started = events.findIndex(({ event }) => event === 'started');
      return { events: events.toSpliced(started + 1, 0, line), offset: one.offset };
    },
  },
  {
    store: 'stdout',
    name: 'duplicate',
    how: 'a new process prints what was committed before it started',
    plant(events, choose) {
      const one = choose(ofKind(events, 'printed'));
      if (one === undefined || repeatsNothing(events)) return undefined;
      const late = { process: 'late' };
      const further: HistoryEvent[] = [
        { event: 'started', ...late },
        { ...one, ...late },
      ];
      return { events: [...events, ...further], offset: one.offset };
    },
  },
];
