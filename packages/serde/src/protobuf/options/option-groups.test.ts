import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProtobuf } from '../index.ts';
import { parseProto } from '../parse-proto.ts';

const head = 'import "google/protobuf/descriptor.proto";';
const group = 'optional group Gx = 1 { optional int32 a = 1; optional int32 b = 2; }';
const declared = `${head} message O { ${group} optional int32 c = 2; }
  extend google.protobuf.MessageOptions { optional O o = 50000; }`;
const withOption = (option: string, more = '') =>
  `${declared} message M { ${option} optional int32 m = 1; ${more} }`;

test('a group in the type of an option is accepted', () => {
  // The answers of protoc 35.1.
  for (const accepted of [
    '',
    'option (o).gx.a = 1;',
    'option (o).gx = { a: 1 }; option (o).gx.b = 1;',
    'option (o) = { Gx { a: 1 } };',
    'option (o) = { Gx: { a: 1 } };',
    'option (o) = { gx { a: 1 } };',
    'option (o) = { Gx { a: 1 } }; option (o).gx.b = 1;',
  ])
    assert.doesNotThrow(() => parseProto(withOption(accepted)), accepted);
  for (const refused of [
    'option (o).Gx.a = 1;',
    'option (o) = { GX { a: 1 } };',
    'option (o) = { gx { a: "1" } };',
    'option (o) = { Gx { a: 1 } gx { b: 1 } };',
    'option (o) = { Gx { a: 1 } }; option (o).gx.a = 1;',
  ])
    assert.throws(() => parseProto(withOption(refused)), { code: 'invalid-schema' }, refused);
  parseProto(`${head} extend google.protobuf.MessageOptions { ${group.replace('= 1', '= 50000')} }
    message M { option (gx).a = 1; }`);
  parseProto(`${head} message P { optional O o = 1; } message O { ${group} }
    extend google.protobuf.FieldOptions { optional P p = 50000; }
    message M { optional int32 a = 1 [(p).o.gx.a = 1]; }`);
});

test('a group in a message that records can contain is rejected', () => {
  const rejected = { code: 'invalid-schema', message: /O\.Gx is a group; expected a message/ };
  for (const definition of [
    withOption('', 'optional O o = 2;'),
    withOption('', 'map<string, O> o = 2;'),
    `${declared} message P { optional O o = 1; } message M { repeated P p = 1; }`,
    `${declared} message M {} service S { rpc R(M) returns (O); }`,
    `message O { ${group} extensions 5; } extend O { optional O o = 5; }`,
  ])
    assert.throws(() => parseProto(definition), rejected, definition);
});

test('the type of an option with a group is not the type of a record', () => {
  const definition = withOption('');
  const rejected = { code: 'invalid-schema', message: /O has a group, which records cannot have/ };
  const codec = compileProtobuf({ definition }, { framing: 'confluent', message: 'O' });
  assert.throws(() => codec.encode({ c: 1 }, Buffer.alloc(100), 0), rejected);
  assert.throws(() => codec.decode(Buffer.from('001001', 'hex'), 0), rejected);
  // M is the second message of the file.
  assert.deepEqual({ ...(codec.decode(Buffer.from('02020801', 'hex'), 0) as object) }, { m: 1 });
});
