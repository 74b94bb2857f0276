import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProtobuf } from '../index.ts';
import { parseProto } from '../parse-proto.ts';
import { unknownFields } from '../unknown-fields.ts';

const set = (text: string) => `message M { option message_set_wire_format = true; ${text} }`;
const descriptor = 'import "google/protobuf/descriptor.proto";';
const inParentheses = (text: string) =>
  `${descriptor} message M { option (google.protobuf.MessageOptions.message_set_wire_format) = true; ${text} }`;

// [what protoc 35.1 refuses, what it accepts]
const pairs: readonly (readonly [string, string])[] = [
  [set('optional int32 a = 1;'), set('')],
  [set('oneof o { M a = 1; }'), set('message N { optional int32 a = 1; }')],
  [set('map<int32, M> a = 1;'), `${set('extensions 4;')} message U { map<int32, M> a = 1; }`],
  [inParentheses('optional int32 a = 1;'), inParentheses('extensions 4;')],
  [
    `syntax = "proto3"; ${set('')}`,
    'syntax = "proto3"; message M { option message_set_wire_format = false; }',
  ],
  [set('extensions 4 to 2147483647;'), set('extensions 4 to 2147483646;')],
  [
    'message M { option message_set_wire_format = false; extensions 536870912; }',
    'message M { extensions 536870912; option message_set_wire_format = true; }',
  ],
  [
    set('extensions 4 to max; extensions 536870912;'),
    set('extensions 4 to 536870911; extensions 536870912;'),
  ],
  [set('extensions 4 to max; reserved 2147483646;'), set('extensions 4 to max; reserved 1 to 3;')],
  [set('extensions 536870912; reserved 4 to max;'), set('reserved 4 to max;')],
  [
    `${set('extensions 4 to max;')} extend M { optional M x = 2147483647; }`,
    `${set('extensions 4 to max;')} extend M { optional M x = 2147483646; }`,
  ],
  [
    `${set('extensions 4 to 536870911;')} extend M { optional M x = 536870912; }`,
    `message M { extensions 4 to max; option message_set_wire_format = true; } extend M { optional M x = 536870912; }`,
  ],
  [
    `${set('extensions 4 to max;')} extend M { optional M x = 19000; }`,
    `${set('extensions 4 to max;')} extend M { optional M x = 20000; }`,
  ],
  [
    `${set('extensions 4;')} extend M { repeated M x = 4; }`,
    `${set('extensions 4;')} extend M { optional M x = 4; }`,
  ],
  [
    `${set('extensions 4;')} extend M { optional int32 x = 4; }`,
    `${set('extensions 4;')} message N { extend M { optional N x = 4; } optional int32 a = 1; }`,
  ],
  [
    `${set('extensions 4;')} enum E { A = 1; } extend M { optional E x = 4; }`,
    set('enum E { A = 1; }'),
  ],
  [
    `${set('extensions 4;')} extend M { optional group G = 4 {} }`,
    `${set('extensions 4;')} message U { repeated M m = 1; }`,
  ],
  [
    `${descriptor} ${set('extensions 4;')} message T { extend M { optional T t = 4; } optional int32 a = 1; }
      extend google.protobuf.MessageOptions { optional M o = 50000; }
      message U { option (o).(T.t).a = "1"; }`,
    `${descriptor} ${set('extensions 4;')} message T { extend M { optional T t = 4; } optional int32 a = 1; }
      extend google.protobuf.MessageOptions { optional M o = 50000; }
      message U { option (o).(T.t).a = 1; } message V { option (o) = { [T.t] { a: 1 } }; }`,
  ],
];

for (const [refused, accepted] of pairs) {
  test(`a message set is refused as by protoc: ${refused}`, () => {
    assert.throws(() => parseProto(refused), { code: 'invalid-schema' });
    assert.doesNotThrow(() => parseProto(accepted), accepted);
  });
}

test('the messages in a message set are unknown fields, and are written again', () => {
  const definition = `message U { optional M m = 1; optional int32 b = 2; } ${set('extensions 4 to max;')}
    message N { extend M { optional N n = 1000; } optional int32 a = 1; }`;
  const codec = compileProtobuf({ definition }, { framing: 'glue', message: 'U' });
  // The index of U, then m { 1: group { 2: 1000, 3: N { a: 5 } } } and b: 7.
  const bytes = Buffer.from('020a090b10e8071a0208050c1007', 'hex');
  const value = codec.decode(bytes, 0) as { m: { [unknownFields]: Buffer }; b: number };
  assert.deepEqual({ ...value }, { m: {}, b: 7 });
  assert.equal(value.m[unknownFields].toString('hex'), '0b10e8071a0208050c');
  const target = Buffer.alloc(100);
  assert.deepEqual(target.subarray(0, codec.encode(value, target, 0)), bytes);
});
