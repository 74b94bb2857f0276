import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAvro } from '../avro.ts';

type Schema = string | object;

function fields(...types: Schema[]) {
  return types.map((type, i) => ({ name: `f${i}`, type }));
}

function record(name: string, ...types: Schema[]) {
  return { type: 'record', name, fields: fields(...types) };
}

function array(items: Schema) {
  return { type: 'array', items };
}

/** A zig-zag varint. */
function long(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value) * 2n;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

function decode(schema: Schema, body: Buffer, reader?: Schema): unknown {
  const readerDefinition = reader && JSON.stringify(reader);
  return compileAvro(JSON.stringify(schema), { readerDefinition }).decode(body, 0);
}

const manyNulls = record('Nulls', ...Array.from({ length: 1000 }, () => 'null'));
const oneInt = { type: 'record', name: 'R', fields: fields('int') };
const withDefaults = {
  ...oneInt,
  fields: [
    ...oneInt.fields,
    ...Array.from({ length: 100 }, (_, i) => ({
      name: `d${i}`,
      type: array('int'),
      default: [1, 2, 3],
    })),
  ],
};
/** Each record contains the previous one twice: 2^40 records in zero bytes. */
const doubling = Array.from({ length: 40 }).reduce<Schema>(
  (inner, _, i) => record(`D${i}`, inner, i === 0 ? 'null' : `D${i - 1}`),
  'null',
);

const hostile: [string, Schema, Buffer, Schema?][] = [
  ['nulls', array('null'), long(2 ** 40)],
  ['records of nulls', array(manyNulls), Buffer.concat([long(500_000), long(0)])],
  ['records without fields', array(record('E')), Buffer.concat([long(500_000), long(0)])],
  ['records of records of nothing', doubling, Buffer.alloc(0)],
  ['nothing inside a union', array(['null', doubling]), Buffer.from([2, 2, 0])],
  [
    'nulls under records of a byte',
    array(record('R', manyNulls, 'int')),
    Buffer.alloc(12_000, 0x7e),
  ],
  [
    'defaults of the reader',
    array(oneInt),
    Buffer.concat([long(12_000), Buffer.alloc(12_001)]),
    array(withDefaults),
  ],
  [
    'defaults of the reader for records of nothing',
    array(record('R')),
    Buffer.concat([long(500_000), long(0)]),
    array({ ...withDefaults, fields: withDefaults.fields.slice(1) }),
  ],
  ['items of a byte that are not there', array('int'), long(2 ** 40)],
  ['entries that are not there', { type: 'map', values: 'null' }, long(2 ** 40)],
];

for (const [title, schema, body, reader] of hostile) {
  test(`a few bytes that decode to unlimited ${title} are rejected before memory is allocated`, () => {
    const before = process.memoryUsage().heapUsed;
    assert.throws(() => decode(schema, body, reader), { code: 'damaged-frame' });
    const grown = process.memoryUsage().heapUsed - before;
    assert.ok(grown < 64 * 1024 * 1024, `${grown} bytes`);
  });
}

test('zero-length values that the reader does not have are skipped without counting each', () => {
  const unwanted = record('R', array('null'), doubling, array(manyNulls), 'int');
  const reader = { type: 'record', name: 'R', fields: [{ name: 'f3', type: 'int' }] };
  const body = Buffer.concat([long(2 ** 50), long(0), long(2 ** 50), long(0), long(7)]);
  assert.deepEqual(decode(unwanted, body, reader), { f3: 7 });
});

test('many nulls and defaults of ordinary records are read', () => {
  const nulls = decode(array('null'), Buffer.concat([long(1_000_000), long(0)])) as unknown[];
  assert.equal(nulls.length, 1_000_000);
  const items = Array.from({ length: 3000 }, () => Buffer.concat([long(99), Buffer.alloc(99)]));
  const body = Buffer.concat([long(items.length), ...items, long(0)]);
  const texts = record('R', 'string');
  const reader = { ...withDefaults, fields: [...texts.fields, ...withDefaults.fields.slice(1)] };
  const read = decode(array(texts), body, array(reader)) as { d99: number[] }[];
  assert.deepEqual(read.at(-1)?.d99, [1, 2, 3]);
});

test('a later version can have many members that are null by default', () => {
  const members = Array.from({ length: 40 }, (_, i) => ({
    ...{ name: `n${i}`, type: ['null', 'string'], default: null },
  }));
  const later = { ...oneInt, fields: [...oneInt.fields, ...members] } as Schema;
  const body = Buffer.concat([long(10_000), Buffer.alloc(10_000), long(0)]);
  assert.equal((decode(array(oneInt), body, array(later)) as unknown[]).length, 10_000);
});

test('items that the reader schema cannot represent are a mismatch, not damage', () => {
  const body = Buffer.concat([long(5), long(0)]);
  assert.throws(() => decode(array('null'), body, array('int')), {
    code: 'reader-schema-mismatch',
  });
});
