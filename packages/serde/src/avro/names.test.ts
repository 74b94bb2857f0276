import assert from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import fc from 'fast-check';
import { compileAvro } from './avro.ts';
import { originalName, repairNames } from './write/repaired-names.ts';

test('S0-05 a namespace with a space is spelled so that avsc takes it, references included', () => {
  const repaired = repairNames({
    type: 'record',
    name: 'Order',
    namespace: 'Order V1',
    compatibility: 'BACKWARD',
    fields: [
      { name: 'item', type: { type: 'record', name: 'Item', fields: [] } },
      { name: 'same', type: ['null', 'Order V1.Item'] },
    ],
  });
  const type = avro.Type.forSchema(repaired as never);
  assert.equal(type.name, 'Order_x20_V1.Order');
});

test('legal names stay as they are', () => {
  const schema = { type: 'enum', name: 'a.b_1.C', aliases: ['_d'], symbols: ['A'] };
  assert.deepEqual(repairNames(schema), schema);
});

test('every name is repaired to a legal one, and no two names to the same', () => {
  const name = fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^_?x?[0-9a-f_]{1,6}$/));
  fc.assert(
    fc.property(name, (name) => {
      const part = name.replaceAll('.', '') || 'x';
      const repaired = repairNames(part) as string;
      assert.match(repaired, /^[A-Za-z_][A-Za-z0-9_]*$/);
      assert.equal(originalName(repaired), part);
    }),
    { numRuns: 1000, examples: [['_xa ']] },
  );
});

test('a tagged union calls its branches by the names of the definition', () => {
  const branch = (name: string) => ({ type: 'record', name, namespace: "it's V1", fields: [] });
  const definition = JSON.stringify([branch('A'), branch('B')]);
  const codec = compileAvro(definition);
  const value = { "it's V1.B": {} };
  const target = Buffer.alloc(1);
  assert.equal(codec.encode(value, target, 0), 1);
  assert.deepEqual(codec.decode(target, 0), value);
});
