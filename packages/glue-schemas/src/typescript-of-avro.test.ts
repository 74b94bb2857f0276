import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typescriptOfAvro } from './index.ts';

const types = (schema: unknown) => typescriptOfAvro(JSON.stringify(schema));
const record = (name: string, fields: Record<string, unknown>, more: object = {}) => ({
  type: 'record',
  name,
  ...more,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});

test('every construct gets the type of its decoded value', () => {
  const schema = record(
    'All',
    {
      flag: 'boolean',
      at: { type: 'long', logicalType: 'timestamp-millis' },
      ratio: 'double',
      raw: 'bytes',
      hash: { type: 'fixed', name: 'Md5', size: 16 },
      suit: { type: 'enum', name: 'Suit', symbols: ['HEARTS', 'SPADES'] },
      lists: { type: 'array', items: { type: 'array', items: ['null', 'long'] } },
      counts: { type: 'map', values: 'int' },
      next: ['null', 'All'],
    },
    { doc: 'All of */ them' },
  );
  assert.equal(
    types(schema),
    `/** All of *\\/ them */
export interface All {
  flag: boolean;
  /** timestamp-millis */
  at: number | bigint;
  ratio: number;
  raw: Buffer;
  hash: Md5;
  suit: Suit;
  lists: (null | number | bigint)[][];
  counts: Record<string, number>;
  next: null | All;
}

/** 16 bytes. */
export type Md5 = Buffer;

export type Suit = 'HEARTS' | 'SPADES';
`,
  );
});

test('a union whose branches JavaScript cannot distinguish is tagged by its branch', () => {
  const schema = record('R', {
    number: ['null', 'int', 'long'],
    either: [record('A', {}, { namespace: 'x' }), record('B', {}, { namespace: 'x' })],
    plain: ['string', 'int'],
  });
  assert.match(
    types(schema),
    /number: null \| \{ int: number \} \| \{ long: number \| bigint \};\n {2}either: \{ 'x\.A': A \} \| \{ 'x\.B': B \};\n {2}plain: string \| number;/,
  );
});

test('types with the same name in two namespaces get different identifiers, and none is Buffer', () => {
  const schema = record(
    'Item',
    { other: record('Item', {}, { namespace: 'b' }), buffer: record('Buffer', {}) },
    { namespace: 'a' },
  );
  const text = types(schema);
  assert.match(text, /interface Item \{\n {2}other: b_Item;\n {2}buffer: Buffer_;/);
});

test('a schema that is not a record gets the type Value, and an invalid schema is rejected', () => {
  assert.equal(
    types(['null', { type: 'array', items: 'long' }]),
    'export type Value = null | (number | bigint)[];\n',
  );
  assert.equal(types({ type: 'array', items: 'string' }), 'export type Value = string[];\n');
  assert.throws(() => types({ type: 'nonsense' }), { code: 'invalid-avro-schema' });
  assert.throws(() => typescriptOfAvro('{'), { code: 'invalid-avro-schema' });
});
