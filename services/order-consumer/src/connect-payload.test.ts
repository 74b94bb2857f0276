import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { connectPayload } from './connect-payload.ts';

const struct = { type: 'struct', optional: false, fields: [{ type: 'int32', field: 'id' }] };

test('S4-01 the payload is taken from JSON with a schema of Kafka Connect', () => {
  assert.deepEqual(connectPayload({ schema: struct, payload: { id: 1 } }), { id: 1 });
  assert.equal(connectPayload({ payload: 'x', schema: { type: 'string', optional: true } }), 'x');
  assert.equal(connectPayload({ schema: { ...struct, optional: true }, payload: null }), null);
});

test('S4-01 a value that only resembles JSON with a schema is left as it is', () => {
  const { optional: _, ...unsure } = struct;
  const { fields: __, ...empty } = struct;
  for (const value of [
    { schema: struct },
    { payload: 1 },
    { schema: struct, payload: 1, more: 1 },
    { schema: unsure, payload: 1 },
    { schema: empty, payload: 1 },
    { schema: { type: 'object', optional: false }, payload: 1 },
    { schema: null, payload: 1 },
    { schema: 'orders', payload: 1 },
    [struct, 1],
    null,
    5,
  ])
    assert.equal(connectPayload(value), value);
  fc.assert(fc.property(fc.jsonValue(), (value) => connectPayload(value) === value));
});
