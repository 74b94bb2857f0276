import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileAvro } from '@order-stream/serde';
import fc from 'fast-check';
import { type StorableDelivery, UnstorableValueError } from './file-format.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { createJsonFormat } from './json-file.ts';

/** Encodes and decodes the value first, so that the format gets the decoder's value. */
function delivery(schema: unknown, value: unknown): StorableDelivery {
  const definition = JSON.stringify(schema);
  const codec = compileAvro(definition);
  const bytes = Buffer.alloc(4096);
  const end = codec.encode(value, bytes, 0);
  return plain(codec.decode(bytes.subarray(0, end), 0), { dataFormat: 'AVRO', definition });
}

const plain = (
  value: unknown,
  schema: StorableDelivery['schema'] = { dataFormat: 'JSON', definition: '{}' },
): StorableDelivery => ({ record: {} as never, value, schema });

function file(...deliveries: StorableDelivery[]): string {
  const bytes = new GrowingBytes();
  const encoder = createJsonFormat().begin(deliveries[0] as StorableDelivery);
  for (const one of deliveries) {
    assert.equal(encoder.accepts(one), true);
    encoder.append(one, bytes);
  }
  assert.equal(encoder.pendingBytes(), 0);
  encoder.finish(bytes);
  return bytes.drain().toString();
}

const line = (schema: unknown, value: unknown) => file(delivery(schema, value));
const field = (type: unknown, value: unknown) =>
  line({ type: 'record', name: 'R', fields: [{ name: 'f', type }] }, { f: value }).slice(5, -2);

test('S3-08 a line is the value alone, and a file may hold values of several schemas', () => {
  const order = { type: 'record', name: 'O', fields: [{ name: 'id', type: 'string' }] };
  assert.equal(
    file(delivery(order, { id: 'ü\n"' }), plain({ list: [1n, null] }), plain('text')),
    '{"id":"ü\\n\\""}\n{"list":[1,null]}\n"text"\n',
  );
});

test('S3-08 logical timestamps, dates and times are their numbers, as in Kafka Connect', () => {
  const logical = (type: string, logicalType: string) => ({ type, logicalType });
  assert.equal(field(logical('long', 'timestamp-millis'), 1_680_745_813_045), '1680745813045');
  assert.equal(field(logical('long', 'local-timestamp-millis'), -1), '-1');
  assert.equal(
    field(logical('long', 'timestamp-micros'), 1_680_745_813_045_678n),
    '1680745813045678',
  );
  assert.equal(field(logical('int', 'date'), 19_453), '19453');
  assert.equal(field(logical('int', 'time-millis'), 5), '5');
});

test('64-bit integers keep their digits', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => {
      assert.equal(field('long', value), String(value));
    }),
  );
});

test('decimals are their digits, with the scale; bytes and fixed are base64', () => {
  const decimal = { type: 'bytes', logicalType: 'decimal', precision: 30, scale: 2 };
  assert.equal(field(decimal, Buffer.from([0xfb, 0x32])), '-12.30');
  const large = Buffer.from('00ffffffffffffffffffff', 'hex');
  assert.equal(field(decimal, large), '12089258196146291747061.75');
  const fixed = { type: 'fixed', name: 'F', size: 2, logicalType: 'decimal', precision: 4 };
  assert.equal(field(fixed, Buffer.from([0x01, 0x00])), '256');
  assert.equal(field('bytes', Buffer.from([255, 0])), '"/wA="');
  assert.equal(field({ type: 'fixed', name: 'F', size: 1 }, Buffer.from([1])), '"AQ=="');
});

test('a decimal without bytes is refused, one whose scale exceeds 10 000 is base64', () => {
  const decimal = (scale: number) => ({
    ...{ type: 'bytes', logicalType: 'decimal', precision: 400_000_000 },
    scale,
  });
  assert.throws(() => field(decimal(2), Buffer.alloc(0)), UnstorableValueError);
  assert.equal(field(decimal(10_000), Buffer.from([1])), `0.${'0'.repeat(9_999)}1`);
  for (const scale of [10_001, 400_000_000])
    assert.equal(field(decimal(scale), Buffer.from([1])), '"AQ=="');
});

test('S3-08 floats have the fewest digits that give them, as Java prints them; NaN and infinities are strings', () => {
  const expected = {
    float: [
      ...([
        [1.1, '1.1'],
        [1, '1.0'],
        [-0, '-0.0'],
        [9_999_999, '9999999.0'],
        [1e7, '1.0E7'],
      ] as const),
      ...([
        [-0.001, '-0.001'],
        [0.0009, '9.0E-4'],
        [3.4e38, '3.4E38'],
        [1e-45, '1.4E-45'],
      ] as const),
    ],
    double: [
      ...([
        [1.1, '1.1'],
        [0, '0.0'],
        [-0, '-0.0'],
        [123456.7, '123456.7'],
        [1e7, '1.0E7'],
      ] as const),
      ...([
        [0.001, '0.001'],
        [-0.00012, '-1.2E-4'],
        [2 ** 53, '9.007199254740992E15'],
      ] as const),
      ...([
        [5e-324, '4.9E-324'],
        [1.7976931348623157e308, '1.7976931348623157E308'],
      ] as const),
    ],
  };
  for (const type of ['float', 'double'] as const)
    for (const [value, text] of expected[type]) assert.equal(field(type, value), text);
  assert.equal(field('float', Number.NaN), '"NaN"');
  assert.equal(field('double', Number.NEGATIVE_INFINITY), '"-Infinity"');
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.equal(Math.fround(JSON.parse(field('float', value))), value);
    }),
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.equal(JSON.parse(field('double', value)), value);
    }),
  );
});

test('S3-08 a union is its value or null with one type beside null, else an object with a field for each type', () => {
  assert.equal(field(['null', 'string'], 'x'), '"x"');
  assert.equal(field(['string', 'null'], null), 'null');
  assert.equal(field(['null'], null), 'null');
  assert.equal(field(['string'], 'x'), '{"string":"x"}');
  assert.equal(field(['null', 'int', 'string'], null), 'null');
  assert.equal(field(['null', 'int', 'string'], 5), '{"int":5,"string":null}');
  assert.equal(
    field(['int', 'string', 'null', 'bytes'], 'x'),
    '{"int":null,"string":"x","bytes":null}',
  );
  assert.equal(field(['int', 'long'], { long: 2n ** 60n }), `{"int":null,"long":${2n ** 60n}}`);
  const item = (namespace: string) => ({
    ...{ type: 'record', name: 'Item', namespace },
    fields: [{ name: 'x', type: ['null', 'float'] }],
  });
  const state = { type: 'enum', name: 'State', namespace: 'a', symbols: ['NEW'] };
  const fixed = { type: 'fixed', name: 'Two', size: 1 };
  const list = { type: 'array', items: ['boolean', 'null', 'int'] };
  assert.equal(
    field([item('a'), state, fixed, list, { type: 'map', values: 'int' }], { 'a.Item': { x: 1 } }),
    '{"Item":{"x":1.0},"State":null,"fixed":null,"array":null,"map":null}',
  );
  assert.equal(field([list, state], 'NEW'), '{"array":null,"State":"NEW"}');
  assert.equal(
    field([list, state], [true, null, 1]),
    '{"array":[{"boolean":true,"int":null},null,{"boolean":null,"int":1}],"State":null}',
  );
  assert.equal(
    field([item('a'), item('b'), 'int'], { 'b.Item': { x: null } }),
    '{"a.Item":null,"b.Item":{"x":null},"int":null}',
  );
});

test('a schema is compiled once for all its records', () => {
  let reads = 0;
  const schema = {
    dataFormat: 'AVRO',
    get definition() {
      reads += 1;
      return '"long"';
    },
  } as const;
  assert.equal(file(plain(1n, schema), plain(2n, schema), plain(3n, schema)), '1\n2\n3\n');
  assert.equal(reads, 1);
});

test('a value that cannot be printed leaves no part of a line', () => {
  const bytes = new GrowingBytes();
  const good = plain(1);
  const encoder = createJsonFormat().begin(good);
  encoder.append(good, bytes);
  const unknownType = plain(0, { dataFormat: 'AVRO', definition: '"nobody.knows"' });
  assert.throws(() => encoder.append(unknownType, bytes));
  const damaged = plain({ f: 'x' }, { dataFormat: 'AVRO', definition: '["null","int"]' });
  assert.throws(() => encoder.append(damaged, bytes));
  encoder.append(good, bytes);
  assert.equal(bytes.drain().toString(), '1\n1\n');
});

test('the memory of a line is reused, unless the line is longer than 1 MiB', () => {
  const lengths = [2 ** 20, 2 ** 20, 2 ** 20 + 1, 10];
  const memory: ArrayBufferLike[] = [];
  class WatchedBytes extends GrowingBytes {
    override append(bytes: Uint8Array): void {
      memory.push(bytes.buffer);
      super.append(bytes);
    }
  }
  const bytes = new WatchedBytes();
  const encoder = createJsonFormat().begin(plain(''));
  for (const length of lengths) encoder.append(plain('x'.repeat(length - 3)), bytes);
  const [first, second, longer, last] = memory;
  assert.ok(first === second && longer !== last);
  assert.ok((last?.byteLength ?? 0) < 2 ** 20);
});

test('a very long line is written whole', () => {
  const text = 'x'.repeat(3 * 1024 * 1024);
  assert.equal(file(plain(text), plain('y')), `"${text}"\n"y"\n`);
});
