import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { canonicalProtobuf } from '../../compatibility/canonical-protobuf.ts';
import { checkProtobufCompatibility } from '../../compatibility/check-protobuf.ts';
import { compileProtobuf } from '../index.ts';
import { parseProto } from '../parse-proto.ts';
import type { MessageType } from '../proto-file.ts';

interface Case {
  readonly definition: string;
  readonly references: readonly { readonly name: string; readonly definition: string }[];
  readonly types: Readonly<Record<string, string>> | null;
}

const url = new URL('../../../vectors/protobuf-names/cases.json', import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(url, 'utf8'));

function typesOf({ definition, references }: Case): Record<string, string> {
  const { messages, services } = parseProto(definition, references);
  const types: Record<string, string> = {};
  const add = ({ fullName, fields, messages }: MessageType): void => {
    for (const { name, type } of fields) {
      if (type.kind !== 'scalar') types[`${fullName}.${name}`] = type.type.fullName;
    }
    messages.forEach(add);
  };
  messages.forEach(add);
  for (const { fullName, rpcs } of services) {
    for (const { name, request, response } of rpcs) {
      types[`${fullName}.${name}`] = `${request} ${response}`;
    }
  }
  return types;
}

test('names stand for what protoc says, or are refused as protoc refuses them', () => {
  for (const drawn of cases) {
    if (drawn.types) assert.deepEqual(typesOf(drawn), drawn.types, drawn.definition);
    else assert.throws(() => typesOf(drawn), { code: 'invalid-schema' }, drawn.definition);
  }
  assert.equal(cases.filter(({ types }) => types).length, cases.length / 2);
});

const file = (body: string) => `syntax = "proto3"; package p.q; ${body}`;
const other = (statements: string) => [
  { name: 'direct.proto', definition: `syntax = "proto3"; package d; ${statements} message D {}` },
  { name: 'far.proto', definition: 'syntax = "proto3"; package f; message F {}' },
];

// [definition, message of the error, statements of the imported file]
const refused: [string, RegExp, string?][] = [
  [file('message A { message B {} } message C { B b = 1; }'), /p\.q\.C\.b: 'B' is not declared/],
  [
    file('message X { message Y {} } message M { message X {} X.Y y = 1; }'),
    /'X\.Y' stands for p\.q\.M\.X\.Y, which is not declared, because the innermost 'X' is used; '\.X\.Y'/,
  ],
  [
    file('message p { } message M { p.q.M m = 1; }'),
    /'p\.q\.M' stands for p\.q\.p\.q\.M, which is not declared/,
  ],
  [file('message M { map<string, N> n = 1; NEntry e = 2; } message N {}'), /is the entry of a map/],
  [file('message M { S s = 1; } service S {}'), /'S' is not declared/],
  [file('message M {} service S { rpc R (M.a) returns (M); }'), /'M\.a' stands for p\.q\.M\.a/],
  [
    file('enum E { Z = 0; } service S { rpc R (E) returns (E); }'),
    /expected the name of a message/,
  ],
  [file('message M {} extend N { int32 x = 1000; }'), /p\.q\.x: 'N' is not declared/],
  [
    file('message M {} extend M { int32 x = 7; } extend .p.q.M { int32 y = 7; }'),
    /q\.y: M has the number 7 twice/,
  ],
  [
    file('message M { int32 a = 1; } message N { extend M { int32 x = 1; } }'),
    /N\.x: M has the number 1 twice/,
  ],
  [file('message M {} extend M { int32 x = 19000; }'), /p\.q\.x has number 19000; expected 1 to/],
  [file('message M {} extend M { int32 x = 0; }'), /p\.q\.x has number 0; expected 1 to/],
  [
    file('message M {} extend M { required int32 x = 7; }').replace('proto3', 'proto2'),
    /p\.q\.x: an extension cannot be required/,
  ],
  [
    file('import "direct.proto"; extend d.D { int32 x = 1000; }'),
    /direct\.proto: line 1: d\.y: D has the number 1000 twice/,
    'extend D { int32 y = 1000; }',
  ],
  [file('message M { int32 a = 1; message a {} }'), /p\.q\.M\.a is declared twice/],
  [file('enum E { Z = 0; } enum F { Z = 0; }'), /p\.q\.Z is declared twice/],
  [
    file('import "direct.proto"; message M { f.F f = 1; }'),
    /'f\.F' is in far\.proto, which the file does not import/,
    'import "far.proto";',
  ],
  [
    file('import "direct.proto"; message M {}'),
    /direct\.proto: line 1: d\.N\.a: 'Missing' is not declared/,
    'message N { Missing a = 1; }',
  ],
  [
    file('import "direct.proto"; message d {}').replace('p.q', 'd'),
    /declared in two files/,
    'message d {}',
  ],
];

for (const [definition, message, statements = ''] of refused) {
  test(`refused in reading, verdicts and canonical form: ${definition.slice(32)}`, () => {
    const references = other(statements);
    const text = { definition, references };
    const expected = { code: 'invalid-schema', message };
    assert.throws(
      () => compileProtobuf({ definition, references: references as never }, { framing: 'glue' }),
      expected,
    );
    assert.throws(() => canonicalProtobuf(text), expected);
    assert.throws(
      () => checkProtobufCompatibility({ mode: 'FULL', newSchema: text, previous: [text] }),
      expected,
    );
  });
}

test('names of a file that is imported publicly can be used', () => {
  const definition = file('import "direct.proto"; message M { f.F f = 1; d.D d = 2; }');
  const drawn = { definition, references: other('import public "far.proto";'), types: null };
  assert.deepEqual(typesOf(drawn), { 'p.q.M.f': 'f.F', 'p.q.M.d': 'd.D' });
});

const shadowed = (
  type: string,
) => `syntax = "proto3"; package shop; message Address { string street = 1; }
  message Order { message Customer { message Address { int32 floor = 7; } Address a = 1; } ${type} ship_to = 1; }`;

test('a deeper message of the same name is not the type: bytes, verdict and canonical text', () => {
  const codec = compileProtobuf(
    { definition: shadowed('Address') },
    { framing: 'glue', message: 'Order' },
  );
  const target = Buffer.alloc(20);
  const value = { shipTo: { street: 'Main' } };
  const end = codec.encode(value, target, 0);
  // Bytes of the Java library.
  assert.equal(target.toString('base64', 0, end), 'AQoGCgRNYWlu');
  assert.deepEqual(codec.decode(target.subarray(0, end), 0), value);
  const full = shadowed('.shop.Address');
  assert.equal(canonicalProtobuf(shadowed('Address')), canonicalProtobuf(full));
  const inner = shadowed('Customer.Address');
  assert.notEqual(canonicalProtobuf(shadowed('Address')), canonicalProtobuf(inner));
  const verdict = (newSchema: string) =>
    checkProtobufCompatibility({ mode: 'FULL', newSchema, previous: [shadowed('Address')] });
  assert.equal(verdict(full).compatible, true);
  const text = shadowed('Customer.Address').replace('floor = 7', 'floor = 1');
  assert.deepEqual(
    verdict(text)
      .incompatibilities.map(({ type, newLocation }) => `${type} ${newLocation}`)
      .slice(0, 1),
    ['FIELD_TYPE_CHANGED /Order/ship_to/floor'],
  );
});

test('a custom option that is not declared is refused as by AWS, and ignored as by Confluent', () => {
  for (const definition of [
    file('option (no.such) = 1; message M {}'),
    file('message M { option (such) = "x"; }'),
    file('message M { int32 a = 1 [(such).in = 1]; }'),
    file('enum E { option (such) = {a: 1}; Z = 0; } message M {}'),
  ]) {
    assert.throws(() => compileProtobuf({ definition }, { framing: 'glue' }), {
      code: 'invalid-schema',
      message: /has the option \((no\.)?such\)(\.in)?: it is not declared/,
    });
    compileProtobuf({ definition }, { framing: 'confluent' });
  }
});

test('the names of custom options are compared by what they stand for', () => {
  const withOption = (
    name: string,
  ) => `syntax = "proto2"; package p; import "google/protobuf/descriptor.proto";
    extend google.protobuf.MessageOptions { optional string note = 50001; }
    message M { option (${name}) = "x"; }`;
  assert.equal(canonicalProtobuf(withOption('note')), canonicalProtobuf(withOption('.p.note')));
  assert.equal(canonicalProtobuf(withOption('p.note')), canonicalProtobuf(withOption('.p.note')));
});
