import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProtobuf, type ProtobufFormatOptions } from './index.ts';

const definition = `syntax = "proto3"; package p; import "google/protobuf/struct.proto";
  import "google/protobuf/timestamp.proto";
  message M { string order_id = 1; N one = 2; repeated N many = 3; map<string, N> by = 4;
    google.protobuf.Struct free = 5; google.protobuf.Timestamp at = 6; int32 toString = 7; }
  message N { int32 n = 1; }`;

function written(
  value: unknown,
  options: ProtobufFormatOptions = { unknownProperties: 'refuse' },
): string {
  const codec = compileProtobuf({ definition }, { framing: 'glue' }, options);
  const target = Buffer.alloc(200);
  return target.toString('hex', 0, codec.encode(value, target, 0));
}

test('a property that is not a field is refused at its place, without its name', () => {
  const cases: [unknown, pointer: string, type: string][] = [
    [{ orderIdd: 'secret' }, '/*', 'p.M'],
    [{ orderId: 'a', null: null }, '/*', 'p.M'],
    [{ orderId: 'a', order_id: 'b', constructor: 1 }, '/*', 'p.M'],
    [{ one: { m: 1 } }, '/one/*', 'p.N'],
    [{ many: [{ n: 1 }, { m: 1 }] }, '/many/1/*', 'p.N'],
    [{ by: { key: { m: 1 } } }, '/by/*/*', 'p.N'],
    [{ at: { seconds: 1, nano: 1 } }, '/at/*', 'google.protobuf.Timestamp'],
  ];
  for (const [value, pointer, type] of cases) {
    const expected = `no property beside the fields of ${type}`;
    for (const values of ['plain', 'json'] as const) {
      assert.throws(() => written(value, { unknownProperties: 'refuse', values }), {
        ...{ code: 'schema-mismatch', pointer, expected },
        message: `expected ${expected} at '${pointer}'`,
      });
    }
  }
  assert.throws(() => written({ idd: 'a', orderId: 7 }), { pointer: '/orderId' });
});

test('either name of a field, keys of maps and properties without a value are not refused', () => {
  for (const value of [
    ...[{}, { orderId: 'a', toString: 7 }, { order_id: 'a' }, { $typeName: 'p.M', orderId: 'a' }],
    ...[{ by: { any: { n: 2 } }, free: { any: { thing: [1] } } }, { at: new Date(5) }],
    ...[{ orderId: 'a', idd: undefined }, Object.create({ inherited: 1 }), { [Symbol('s')]: 1 }],
  ]) {
    assert.equal(written(value), written(value, {}));
  }
});

test('a message that was read, with unknown fields, is written again', () => {
  const codec = compileProtobuf(
    { definition },
    { framing: 'glue' },
    { unknownProperties: 'refuse' },
  );
  const bytes = Buffer.from('000a01789001059a01021001', 'hex');
  const target = Buffer.alloc(100);
  const end = codec.encode(codec.decode(bytes, 0), target, 0);
  assert.deepEqual(target.subarray(0, end), bytes);
});

test('by default, and by `ignore`, a property that is not a field is not written', () => {
  for (const options of [{}, { unknownProperties: 'ignore' }] as const) {
    assert.equal(
      written({ orderId: 'a', idd: 'b', one: { m: 1 } }, options),
      written({ orderId: 'a', one: {} }),
    );
  }
});
