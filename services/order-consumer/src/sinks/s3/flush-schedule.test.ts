import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFlushSchedule } from './flush-schedule.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The times from one instant to another. */
function times(flushMs: number, zone: string, from: string, to: string): string[] {
  const next = createFlushSchedule(flushMs, zone);
  const found: string[] = [];
  for (let at = next(Date.parse(from)); at <= Date.parse(to); at = next(at))
    found.push(new Date(at).toISOString().slice(0, 16));
  return found;
}

test('S2-07 files are closed at multiples of the interval from the local midnight', () => {
  assert.deepEqual(times(15 * minute, 'UTC', '2026-03-01T23:40Z', '2026-03-02T00:10Z'), [
    '2026-03-01T23:45',
    '2026-03-02T00:00',
  ]);
  // 7 h do not divide the day: the last file of a day has 3 h.
  assert.deepEqual(times(7 * hour, 'Australia/Sydney', '2026-06-30T14:00Z', '2026-07-01T14:00Z'), [
    '2026-06-30T21:00',
    '2026-07-01T04:00',
    '2026-07-01T11:00',
    '2026-07-01T14:00',
  ]);
  assert.deepEqual(times(12 * hour, 'Asia/Kathmandu', '2026-06-30T18:15Z', '2026-07-01T18:15Z'), [
    '2026-07-01T06:15',
    '2026-07-01T18:15',
  ]);
});

test('S2-07 in Sydney a day of 23 h and one of 25 h begin and end at local midnight', () => {
  // 4 October 2026, 02:00 becomes 03:00.
  assert.deepEqual(times(day, 'Australia/Sydney', '2026-10-03T13:00Z', '2026-10-05T14:00Z'), [
    '2026-10-03T14:00',
    '2026-10-04T13:00',
    '2026-10-05T13:00',
  ]);
  assert.equal(
    times(hour, 'Australia/Sydney', '2026-10-03T14:00Z', '2026-10-04T13:00Z').length,
    23,
  );
  // 5 April 2026, 03:00 becomes 02:00. A multiple of 24 h comes before the end of the day.
  assert.deepEqual(times(day, 'Australia/Sydney', '2026-04-04T13:00Z', '2026-04-05T14:00Z'), [
    '2026-04-05T13:00',
    '2026-04-05T14:00',
  ]);
  assert.equal(
    times(hour, 'Australia/Sydney', '2026-04-04T13:00Z', '2026-04-05T14:00Z').length,
    25,
  );
});

test('S2-07 a day without a midnight begins at its first instant', () => {
  // Santiago, 6 September 2026: 00:00 becomes 01:00, which is 04:00 UTC.
  assert.deepEqual(times(8 * hour, 'America/Santiago', '2026-09-06T03:00Z', '2026-09-06T20:00Z'), [
    '2026-09-06T04:00',
    '2026-09-06T12:00',
    '2026-09-06T20:00',
  ]);
  // Apia left out 30 December 2011.
  assert.deepEqual(times(day, 'Pacific/Apia', '2011-12-29T12:00Z', '2011-12-31T12:00Z'), [
    '2011-12-30T10:00',
    '2011-12-31T10:00',
  ]);
});

const zones = [
  'UTC',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Europe/London',
  'Pacific/Apia',
];

/** All times around an instant by brute force: local dates of every minute, as text, and the multiples from each change. */
function modelOf(flushMs: number, zone: string, now: number): number {
  const dates = new Intl.DateTimeFormat('sv-SE', { timeZone: zone });
  const firstMinute = Math.floor(now / minute) - 50 * 60;
  const midnights: number[] = [];
  let previous = dates.format(firstMinute * minute);
  for (let at = firstMinute + 1; at < firstMinute + 100 * 60; at += 1) {
    const date = dates.format(at * minute);
    if (date > previous) midnights.push(at * minute);
    previous = date;
  }
  const begin = midnights.filter((one) => one <= now).at(-1) as number;
  const end = midnights.find((one) => one > now) as number;
  let next = begin;
  while (next <= now) next += flushMs;
  return Math.min(next, end);
}

test('S2-07 the next time is that of a model which looks at every minute, in any zone, also on days with a change of the clock', () => {
  const random = fc.integer({ min: Date.UTC(2012, 0, 2), max: Date.UTC(2035, 0, 1) });
  // Within two days of changes that these zones have.
  const changes = fc
    .tuple(
      fc.constantFrom('2026-04-05', '2026-10-04', '2026-03-29', '2026-11-01', '2026-09-06'),
      fc.integer({ min: -2 * day, max: 2 * day }),
    )
    .map(([date, shift]) => Date.parse(date) + shift);
  fc.assert(
    fc.property(
      fc.oneof(random, changes),
      fc.constantFrom(...zones),
      fc.oneof(fc.constantFrom(minute, hour, 6 * hour, day), fc.integer({ min: minute, max: day })),
      (now, zone, flushMs) => {
        const next = createFlushSchedule(flushMs, zone)(now);
        assert.equal(next, modelOf(flushMs, zone, now));
        assert.ok(next > now && next - now <= flushMs);
      },
    ),
    { numRuns: 120 },
  );
});

test('one schedule gives the same times in any order of the questions', () => {
  const instant = fc.integer({ min: Date.UTC(2026, 3, 1), max: Date.UTC(2026, 3, 9) });
  const schedule = createFlushSchedule(7 * hour, 'Australia/Sydney');
  fc.assert(
    fc.property(instant, (now) => {
      assert.equal(schedule(now), createFlushSchedule(7 * hour, 'Australia/Sydney')(now));
    }),
    { numRuns: 200 },
  );
});
