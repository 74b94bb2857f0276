import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileAvro } from './avro.ts';

function roundTrip(schema: unknown, value: unknown): unknown {
  const codec = compileAvro(JSON.stringify(schema));
  const target = Buffer.alloc(1000);
  return codec.decode(target.subarray(0, codec.encode(value, target, 0)), 0);
}

test('S0-05 a namespace with a space, which avsc rejects, is written and read, references included', () => {
  const schema = {
    type: 'record',
    name: 'Order',
    namespace: 'Order V1',
    compatibility: 'BACKWARD',
    fields: [
      { name: 'item', type: { type: 'record', name: 'Item', fields: [] } },
      { name: 'same', type: ['null', 'Order V1.Item'] },
    ],
  };
  assert.deepEqual(roundTrip(schema, { item: {}, same: {} }), { item: {}, same: {} });
  const codec = compileAvro(JSON.stringify(schema));
  assert.throws(() => codec.encode({ item: 5 }, Buffer.alloc(1), 0), {
    pointer: '/item',
    expected: 'Order V1.Item',
  });
});

test('every name of a field or symbol is written as its own, and no two as the same', () => {
  const name = fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^_?x?[0-9a-f_]{1,6}$/));
  const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(names, (names) => {
      const symbols = { type: 'enum', name: 'E', symbols: names };
      const fields = names.map((name, i) => ({ name, type: i === 0 ? symbols : 'E' }));
      const value = Object.fromEntries(names.map((name, i) => [name, names.at(-1 - i)]));
      assert.deepEqual(roundTrip({ type: 'record', name: 'R', fields }, value), value);
    }),
    { numRuns: 1000, examples: [[['_xa ', '_x5f_xa_x20_']]] },
  );
});

test('a tagged union names its branches as the definition does', () => {
  const branch = (name: string) => ({ type: 'record', name, namespace: "it's V1", fields: [] });
  const definition = JSON.stringify([branch('A'), branch('B')]);
  const codec = compileAvro(definition);
  const value = { "it's V1.B": {} };
  const target = Buffer.alloc(1);
  assert.equal(codec.encode(value, target, 0), 1);
  assert.deepEqual(codec.decode(target, 0), value);
});
