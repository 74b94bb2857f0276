import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSerializer, type RegisteredSchema } from '../../index.ts';
import { type AvroOptions, avroFormat, compileAvro } from '../avro.ts';

const item = {
  type: 'record',
  name: 'shop.Item',
  fields: [{ name: 'n', type: 'int', default: 1 }],
};
const definition = JSON.stringify({
  type: 'record',
  name: 'shop.Order',
  fields: [
    { name: 'id', type: 'string', default: '' },
    { name: 'items', type: { type: 'array', items: item }, default: [] },
    { name: 'by', type: { type: 'map', values: 'Item' }, default: {} },
    { name: 'one', type: ['null', 'Item'], default: null },
    { name: 'either', type: ['null', 'Item', { type: 'map', values: 'int' }], default: null },
    { name: 'toString', type: 'int', default: 0 },
  ],
});

function written(value: unknown, options: AvroOptions = { unknownProperties: 'refuse' }): string {
  const target = Buffer.alloc(100);
  return target.toString('hex', 0, compileAvro(definition, options).encode(value, target, 0));
}

test('a property that is not a field is refused at its place, without its name', () => {
  const cases: [unknown, pointer: string, record: string][] = [
    [{ idd: 'secret' }, '/*', 'Order'],
    [{ id: 'a', null: null }, '/*', 'Order'],
    [{ id: 'a', __proto__: null, constructor: 1 }, '/*', 'Order'],
    [{ items: [{ n: 1 }, { m: 1 }] }, '/items/1/*', 'Item'],
    [{ by: { key: { m: 1 } } }, '/by/*/*', 'Item'],
    [{ one: { m: 1 } }, '/one/*', 'Item'],
    [{ either: { 'shop.Item': { m: 1 } } }, '/either/shop.Item/*', 'Item'],
  ];
  for (const [value, pointer, record] of cases) {
    const expected = `no property beside the fields of shop.${record}`;
    const message = `expected ${expected} at '${pointer}'`;
    const error = { code: 'schema-mismatch', pointer, expected, message };
    assert.throws(() => written(value), error, pointer);
  }
  assert.throws(() => written({ idd: 'a', id: 7 }), { pointer: '/id', expected: 'string' });
});

test('fields, keys of maps, properties without a value and inherited ones are not refused', () => {
  for (const value of [
    {},
    { id: 'a', toString: 7 },
    { by: { any: { n: 2 } }, either: { map: { any: 1 } } },
    { id: 'a', idd: undefined },
    Object.create({ inherited: 1 }),
    { id: 'a', [Symbol('s')]: 1 },
  ])
    assert.equal(written(value), written(value, {}));
});

test('by default, and by `ignore`, a property that is not a field is not written', () => {
  for (const options of [{}, { unknownProperties: 'ignore' }] as const)
    assert.equal(
      written({ id: 'a', idd: 'b', one: { m: 1 } }, options),
      written({ id: 'a', one: {} }),
    );
});

test('a serializer refuses unknown properties by the option of its format, also with logical types', async () => {
  const schema: RegisteredSchema = { schemaId: 7, dataFormat: 'AVRO', definition };
  const serializer = createSerializer({
    registry: {
      framing: 'confluent',
      schemaById: async () => schema,
      schemaByDefinition: async () => schema,
    },
    formats: [avroFormat({ unknownProperties: 'refuse', logicalTypes: { timestamp: 'Date' } })],
  });
  const write = (value: unknown) => serializer.serialize('t', value, { schema: definition });
  await assert.rejects(write({ id: 'a', idd: 'b' }), { code: 'schema-mismatch', pointer: '/*' });
  assert.equal((await write({ id: 'a' })).length, 12);
});
