import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceContextOf } from './trace-context.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('context and state are read from text and from bytes', () => {
  assert.deepEqual(traceContextOf({ traceparent }), { traceparent });
  const tracestate = 'vendor=1';
  const bytes = { traceparent: Buffer.from(traceparent), tracestate: Buffer.from(tracestate) };
  assert.deepEqual(traceContextOf(bytes), { traceparent, tracestate });
});

test('missing, malformed and overlong headers give no context', () => {
  const wrong = [
    '',
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    traceparent.toUpperCase(),
    `${traceparent}-more`,
    `${traceparent}x`,
    ` ${traceparent}`,
  ];
  for (const text of wrong) assert.equal(traceContextOf({ traceparent: text }), undefined, text);
  assert.equal(traceContextOf({}), undefined);
  assert.equal(traceContextOf(undefined), undefined);
});

test('a later version is passed on as 00 without its additions, and a long state is left out', () => {
  const later = `cc${traceparent.slice(2)}-${'x'.repeat(10_000)}`;
  assert.deepEqual(traceContextOf({ traceparent: later }), { traceparent });
  assert.deepEqual(traceContextOf({ traceparent, tracestate: `a=${'x'.repeat(600)}` }), {
    traceparent,
  });
});
