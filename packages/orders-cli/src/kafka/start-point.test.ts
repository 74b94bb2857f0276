import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '@order-stream/command-line';
import { startPointOf } from './start-point.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const parse = (text: string) => startPointOf('--from', text, nowMs);

test('a start is an end of the log, an offset, a duration back or a time with its zone', () => {
  assert.deepEqual(parse('earliest'), { kind: 'earliest' });
  assert.deepEqual(parse('latest'), { kind: 'latest' });
  assert.deepEqual(parse('9223372036854775807'), { kind: 'offset', offset: 2n ** 63n - 1n });
  for (const [text, expected] of [
    ['-90s', '2026-03-01T11:58:30Z'],
    ['-5m', '2026-03-01T11:55:00Z'],
    ['-2h', '2026-03-01T10:00:00Z'],
    ['-1d', '2026-02-28T12:00:00Z'],
    ['2026-02-28', '2026-02-28T00:00:00Z'],
    ['2026-02-28T10:30Z', '2026-02-28T10:30:00Z'],
    ['2026-02-28T10:30:15.5+02:00', '2026-02-28T08:30:15.500Z'],
  ] as const)
    assert.deepEqual(parse(text), { kind: 'time', ms: Date.parse(expected) }, text);
});

test('anything else is wrong usage, and a time without a zone says so', () => {
  for (const text of ['', '5m', '-5', '-5w', 'yesterday', '1.5', '2026-13-01', '2026-02-28 10:30Z'])
    assert.throws(() => parse(text), UsageError, text);
  assert.throws(() => parse('2026-02-28T10:30'), /add a time zone, such as Z$/);
});
