import type { HistoryEvent } from '../history-event.ts';
import {
  changed,
  committedUpTo,
  lastOfPartition,
  ofKind,
  type Planting,
  swapped,
  withNext,
  without,
  writtenOf,
} from './planting.ts';

export const s3Plantings: readonly Planting[] = [
  {
    store: 's3',
    name: 'lost',
    how: 'a line is missing',
    plant(events, choose) {
      const one = choose(ofKind(events, 'line'));
      return one && { events: without(events, [one]), key: one.key };
    },
  },
  {
    store: 's3',
    name: 'lost',
    how: 'no file holds a range',
    plant(events, choose) {
      const file = choose(ofKind(events, 'file'));
      if (file === undefined) return undefined;
      const further = ofKind(events, 'file').filter(
        ({ partition, first }) => partition === file.partition && first >= file.next,
      );
      // The range has no line, so that the range alone is missing.
      const hasLines = ofKind(events, 'line').some((line) => line.file === file.name);
      if (hasLines || further.length === 0) return undefined;
      return { events: without(events, [file]), offset: file.first };
    },
  },
  {
    store: 's3',
    name: 'duplicate',
    how: 'a line is in a file twice',
    plant(events, choose) {
      const one = choose(ofKind(events, 'line'));
      return one && { events: withNext(events, one, one), key: one.key };
    },
  },
  {
    store: 's3',
    name: 'duplicate',
    how: 'two files hold one range',
    plant(events, choose) {
      const file = choose(ofKind(events, 'file'));
      if (file === undefined) return undefined;
      const again = { ...file, name: `${file.name}.again` };
      return { events: withNext(events, file, again), offset: file.first };
    },
  },
  {
    store: 's3',
    name: 'reordered',
    how: 'two lines of a file change places',
    plant(events, choose) {
      const lines = ofKind(events, 'line');
      const one = choose(
        lines.slice(0, -1).filter((line, at) => lines[at + 1]?.file === line.file),
      );
      const next = one && lines[lines.indexOf(one) + 1];
      return one && next && { events: swapped(events, one, next), key: one.key };
    },
  },
  {
    store: 's3',
    name: 'phantom',
    how: 'a line of a record that the topic does not hold',
    plant(events, choose) {
      const one = choose(ofKind(events, 'line'));
      return one && { events: withNext(events, one, { ...one, key: 'none' }), key: 'none' };
    },
  },
  {
    store: 's3',
    name: 'phantom',
    how: 'a line of a record that files must reject',
    plant(events, choose) {
      const one = choose(writtenOf(events, 'rejected-by-s3'));
      const file = ofKind(events, 'file').find(
        ({ partition, first, next }) =>
          one !== undefined &&
          partition === one.partition &&
          one.offset >= first &&
          one.offset < next,
      );
      if (one === undefined || file === undefined) return undefined;
      const { key, version, content } = one;
      const line: HistoryEvent = { event: 'line', file: file.name, key, version, content };
      // Where its offset belongs.
      const earlier = ofKind(events, 'line').filter(
        (other) =>
          other.file === file.name &&
          ofKind(events, 'written').some(
            (record) =>
              record.key === other.key &&
              record.version === other.version &&
              record.offset < one.offset,
          ),
      );
      return { events: withNext(events, earlier.at(-1) ?? file, line), key };
    },
  },
  {
    store: 's3',
    name: 'unseen',
    how: 'the last file ends before a record that is not committed',
    plant(events, choose) {
      const one = choose(
        lastOfPartition(
          ofKind(events, 'printed').filter(({ key, version }) =>
            ofKind(events, 'line').some((line) => line.key === key && line.version === version),
          ),
        ),
      );
      const files = ofKind(events, 'file').filter(({ partition }) => partition === one?.partition);
      const file = files.find(({ first, next }) => one && one.offset >= first && one.offset < next);
      if (one === undefined || file === undefined) return undefined;
      const line = ofKind(events, 'line').filter(
        ({ key, version }) => key === one.key && version === one.version,
      );
      const further = files.filter(({ first }) => first >= file.next);
      const shorter = changed(without(events, [...line, ...further]), file, {
        ...file,
        next: one.offset,
      });
      return { events: committedUpTo(shorter, one.partition, one.offset), offset: one.offset };
    },
  },
];
