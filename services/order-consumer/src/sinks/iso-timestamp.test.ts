import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createIsoTimestamp, printIsoDate, type TimestampUnit } from './iso-timestamp.ts';
import { JsonWriter } from './json-writer.ts';

function print(instant: number | bigint, unit: TimestampUnit, zone: 'Z' | '' = 'Z'): string {
  const out = new JsonWriter();
  createIsoTimestamp(unit, zone)(out, instant);
  return out.written().toString();
}

test('milliseconds print like Date.toISOString, in any order of instants', () => {
  const date = fc.date({ noInvalidDate: true });
  fc.assert(
    fc.property(fc.array(date), (dates) => {
      const printInstant = createIsoTimestamp('millis', 'Z');
      for (const one of dates) {
        const out = new JsonWriter();
        printInstant(out, one.getTime());
        assert.equal(out.written().toString(), JSON.stringify(one));
      }
    }),
  );
});

test('microseconds and nanoseconds keep every digit, also before 1970 and beyond 2^53', () => {
  assert.equal(print(1_680_745_813_045_678, 'micros'), '"2023-04-06T01:50:13.045678Z"');
  assert.equal(print(-1, 'micros'), '"1969-12-31T23:59:59.999999Z"');
  assert.equal(print(1_680_745_813_045_678_901n, 'nanos', ''), '"2023-04-06T01:50:13.045678901"');
  assert.equal(print(-1n, 'nanos', ''), '"1969-12-31T23:59:59.999999999"');
});

test('an instant outside the range of Date prints as digits', () => {
  assert.equal(print(9_007_199_254_740_991, 'millis'), '9007199254740991');
  assert.equal(print(2n ** 63n - 1n, 'millis'), '9223372036854775807');
  assert.equal(print(-(2n ** 63n), 'micros'), '-9223372036854775808');
});

test('days print as dates, and as digits outside the range of Date', () => {
  const printed = (days: number | bigint) => {
    const out = new JsonWriter();
    printIsoDate(out, days);
    return out.written().toString();
  };
  assert.equal(printed(0), '"1970-01-01"');
  assert.equal(printed(19_453), '"2023-04-06"');
  assert.equal(printed(-1), '"1969-12-31"');
  assert.equal(printed(19_453n), '"2023-04-06"');
  assert.equal(printed(2 ** 31 - 1), '2147483647');
  assert.equal(printed(-(2 ** 31)), '-2147483648');
  assert.equal(printed(2n ** 63n - 1n), '9223372036854775807');
});
