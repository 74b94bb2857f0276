import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlainJsonDeserializer, createPlainJsonSerializer } from './index.ts';

const choice = { schema: '"string"' };
const value = { id: 'ů', big: 2n ** 63n - 1n, small: 1, list: [null, true, -(2n ** 60n)] };

test('plain JSON holds every digit, unquoted, both ways', async () => {
  const serializer = createPlainJsonSerializer();
  const bytes = await serializer.serialize('t', value, choice);
  assert.equal(
    bytes.toString(),
    '{"id":"ů","big":9223372036854775807,"small":1,"list":[null,true,-1152921504606846976]}',
  );
  assert.deepEqual(serializer.serializeSync('t', value, choice), bytes);
  const deserializer = createPlainJsonDeserializer();
  assert.deepEqual((await deserializer.deserialize(bytes)).value, value);
  assert.deepEqual(deserializer.deserializeSync(new Uint8Array(bytes))?.value, value);
});

test('plain JSON has a schema without an id', async () => {
  const schema = await createPlainJsonSerializer().prepare('t', choice);
  assert.deepEqual(schema, { dataFormat: 'JSON', definition: '{}' });
});

test('plain JSON quotes no integer if a program sets BigInt.prototype.toJSON', () => {
  const prototype = BigInt.prototype as { toJSON?: () => string };
  prototype.toJSON = function () {
    return this.toString();
  };
  try {
    const bytes = createPlainJsonSerializer().serializeSync('t', { a: 2n ** 60n }, choice);
    assert.equal(bytes?.toString(), '{"a":1152921504606846976}');
  } finally {
    delete prototype.toJSON;
  }
});

test('plain JSON rejects values that would become `{}` or null, and calls toJSON', async () => {
  const lost = [
    /x/,
    new Error('x'),
    Promise.resolve(),
    Object(Number.NaN),
    new Headers(),
    new Map(),
  ];
  for (const member of lost) {
    await assert.rejects(createPlainJsonSerializer().serialize('t', { a: member }, choice), {
      code: 'schema-mismatch',
    });
  }
  const kept = { at: new Date(0), bytes: Buffer.from('a') };
  const bytes = await createPlainJsonSerializer().serialize('t', kept, choice);
  assert.equal(bytes.toString(), JSON.stringify(kept));
});

test('bytes that are not JSON are rejected, and values that JSON cannot represent', async () => {
  const deserializer = createPlainJsonDeserializer();
  for (const bytes of ['', '{', '\u0003\0', '{"n":1e400}'])
    await assert.rejects(deserializer.deserialize(Buffer.from(bytes)), { code: 'not-a-frame' });
  const endless: Record<string, unknown> = {};
  endless.again = endless;
  for (const value of [undefined, { n: Infinity }, [NaN], { m: new Map() }, new Set(), endless])
    await assert.rejects(createPlainJsonSerializer().serialize('t', value, choice), {
      code: 'schema-mismatch',
      pointer: '',
      expected: 'JSON value',
    });
});
