import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { canonicalProtobuf } from '../../compatibility/canonical-protobuf.ts';
import { isAcceptedProto } from '../../testing/is-accepted-proto.ts';

interface Case {
  readonly definition: string;
  readonly accepted: boolean;
}

const url = new URL('../../../vectors/protobuf-syntax/cases.json', import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(url, 'utf8'));

test('changed files are accepted or refused as by protoc', () => {
  for (const { definition, accepted } of cases) {
    assert.equal(isAcceptedProto(definition), accepted, definition);
  }
  assert.equal(cases.filter(({ accepted }) => accepted).length, cases.length / 2);
});

test('a default of bytes may be without quotes, as AWS prints it', () => {
  assert.equal(isAcceptedProto('message M { optional bytes a = 1 [default = x]; }'), true);
  assert.equal(isAcceptedProto('message M { optional string a = 1 [default = x]; }'), false);
});

test('a default may have line breaks, as AWS prints it, and no other string', () => {
  const field = (options: string) => `message M { optional string a = 1 [${options}]; }`;
  assert.equal(
    canonicalProtobuf(field('deprecated = true, default = "a\n  b"')),
    canonicalProtobuf(field('deprecated = true, default = "a\\n  b"')),
  );
  for (const options of ['json_name = "a\nb"', '(default) = "a\nb"', 'default = "a" "a\nb"']) {
    const message = /line 1: a string must end on its line/;
    assert.throws(() => canonicalProtobuf(field(options)), { message }, options);
  }
});

test('values of a proto2 enum may differ in case only, as earlier releases of protoc allow', () => {
  assert.equal(isAcceptedProto('enum MyE { MY_E_A = 0; a = 1; }'), true);
});

const withOneof = `import "google/protobuf/descriptor.proto";
  message O { oneof one { int32 a = 1; int32 b = 2; } optional int32 c = 3; }
  extend google.protobuf.MessageOptions { optional O o = 50000; }`;

// [what protoc 35.1 refuses, what it accepts]
const pairs: readonly (readonly [string, string])[] = [
  [
    'message M { optional int32 a = 1 [foo = 1]; }',
    'message M { optional int32 a = 1 [weak = true]; }',
  ],
  [
    'message M { repeated int32 a = 1 [packed = 5]; }',
    'message M { repeated int32 a = 1 [packed = true]; }',
  ],
  [
    'message M { repeated string a = 1 [packed = true]; }',
    'message M { repeated string a = 1 [packed = false]; }',
  ],
  [
    'message M { optional int32 a = 1 [deprecated = "true"]; }',
    'message M { optional int32 a = 1 [deprecated = true]; }',
  ],
  [
    'message M { optional E e = 1 [default = NO]; } enum E { A = 1; }',
    'message M { optional E e = 1 [default = A]; } enum E { A = 1; }',
  ],
  [
    'message M { repeated int32 a = 1 [default = 1]; }',
    'message M { optional int32 a = 1 [default = 1]; }',
  ],
  ['message M { optional M m = 1 [default = ""]; }', 'message M { optional M m = 1; }'],
  [
    'syntax = "proto3"; message M { int32 a = 1 [default = 1]; }',
    'syntax = "proto2"; message M { optional int32 a = 1 [default = 1]; }',
  ],
  [
    'message M { optional int32 a = 1 [default = 2147483648]; }',
    'message M { optional int32 a = 1 [default = -2147483648]; }',
  ],
  [
    'message M { optional uint64 a = 1 [default = -1]; }',
    'message M { optional uint64 a = 1 [default = 18446744073709551615]; }',
  ],
  [
    'message M { optional int32 a = 1 [default = 1, default = 1]; }',
    'message M { optional string a = 1 [default = "1" "1"]; }',
  ],
  ['message M { reserved 9 to 5; }', 'message M { reserved 5 to 9; }'],
  ['message M { reserved 5 to 9, 7; }', 'message M { reserved 5 to 9, 10; }'],
  ['message M { reserved "a", "a"; }', 'message M { reserved "a", "A"; }'],
  ['message M { reserved -1; }', 'enum E { A = 0; reserved -1; }'],
  ['message M { reserved a; }', 'message M { reserved "a"; }'],
  ['enum E { A = 0; B = 5; reserved 4 to max; }', 'enum E { A = 0; B = 5; reserved 6 to max; }'],
  ['message M { optional int32 a = 08; }', 'message M { optional int32 a = 07; }'],
  ['message M { optional int32 a = 19000; }', 'message M { optional int32 a = 18999; }'],
  ['message M { optional int32 a = 536870912; }', 'message M { optional int32 a = 536870911; }'],
  ['message M { optional int32 a = 4294967297; }', 'message M { optional int32 a = 0x1; }'],
  [
    'syntax = "proto3"; message M { int32 aB = 1; int32 a_b = 2; }',
    'syntax = "proto2"; message M { optional int32 aB = 1; optional int32 a_b = 2; }',
  ],
  [
    'syntax = "proto3"; message M { map<int32, M> aB = 1 [json_name = "c"]; M a_b = 2; }',
    'syntax = "proto2"; message M { map<int32, M> aB = 1 [json_name = "c"]; optional M a_b = 2; }',
  ],
  [
    'syntax = "proto3"; message M { int32 a_b = 1 [json_name = "c"]; int32 aB = 2 [json_name = "d"]; }',
    'syntax = "proto3"; message M { int32 a_b = 1 [json_name = "c"]; int32 ab = 2 [json_name = "d"]; }',
  ],
  [
    'syntax = "proto3"; message M { int32 a = 1 [json_name = "b"]; int32 b = 2; }',
    'syntax = "proto3"; message M { int32 a = 1 [json_name = "b"]; int32 b = 2 [json_name = "a"]; }',
  ],
  [
    'message M { optional int32 a = 1 [json_name = "c"]; optional int32 b = 2 [json_name = "c"]; }',
    'message M { optional int32 a = 1 [json_name = "b"]; optional int32 b = 2; }',
  ],
  [
    'syntax = "proto3"; message M { option deprecated_legacy_json_field_conflicts = false; int32 aB = 1; int32 a_b = 2; }',
    'syntax = "proto3"; message M { option deprecated_legacy_json_field_conflicts = true; int32 aB = 1; int32 a_b = 2; }',
  ],
  [
    'syntax = "proto3"; import "google/protobuf/descriptor.proto"; message M { google.protobuf.FieldOptions.JSType a = 1; }',
    'syntax = "proto2"; import "google/protobuf/descriptor.proto"; message M { optional google.protobuf.FieldOptions.JSType a = 1; }',
  ],
  [
    `${withOneof} message M { option (o) = { a: 1 b: 2 }; }`,
    `${withOneof} message M { option (o) = { a: 1 c: 2 }; }`,
  ],
  [
    'message M { optional int32 a = 1 [json_name = b]; }',
    'message M { optional int32 a = 1 [json_name = "b"]; }',
  ],
  ['message M { oneof o {} }', 'message M { oneof o { int32 a = 1; } }'],
  [
    'message M { oneof o { optional int32 a = 1; } }',
    'message M { oneof o { int32 a = 1 [deprecated = true]; } }',
  ],
  [
    'message M { extensions 4; optional int32 a = 4; }',
    'message M { extensions 4; optional int32 a = 3; }',
  ],
  ['message M { extensions 4 to 8, 8; }', 'message M { extensions 4 to 8, 9; }'],
  ['message M { extensions 4; reserved 4; }', 'message M { extensions 4; reserved 5; }'],
  [
    'message M { extensions 4 [verification = UNVERIFIED, verification = UNVERIFIED]; }',
    'message M { extensions 4 [verification = UNVERIFIED]; extensions 6 [verification = UNVERIFIED]; }',
  ],
  [
    'import "google/protobuf/descriptor.proto"; message M { extensions 4 [(x) = 1, (x) = 2]; } ' +
      'extend google.protobuf.ExtensionRangeOptions { optional int32 x = 50000; }',
    'import "google/protobuf/descriptor.proto"; message M { extensions 4 [(x) = 1]; extensions 6 [(x) = 2]; } ' +
      'extend google.protobuf.ExtensionRangeOptions { optional int32 x = 50000; }',
  ],
  [
    'message M { extensions 4 [declaration = { number: "4" }]; }',
    'message M { extensions 4 [declaration = { number: 4 full_name: ".a" type: "int32" }]; ' +
      'extensions 6 [declaration = { number: 6 full_name: ".b" type: "int32" }]; }',
  ],
  [
    'syntax = "proto3"; message M { extensions 4; }',
    'syntax = "proto2"; message M { extensions 4; }',
  ],
  [
    'message M { extensions 4; } extend M { optional int32 a = 5; }',
    'message M { extensions 4; } extend M { optional int32 a = 4; }',
  ],
  [
    'message M { extensions 4; } extend M {}',
    'message M { extensions 4; } extend M { repeated M a = 4; }',
  ],
  [
    'message M { extensions 4; } extend M { optional int32 a = 4 [json_name = "b"]; }',
    'message M { extensions 4; } extend M { optional int32 a = 4 [json_name = "a"]; }',
  ],
  [
    'enum E { option allow_alias = true; A = 0; B = 1; }',
    'enum E { option allow_alias = true; A = 0; B = 0; }',
  ],
  [
    'syntax = "proto3"; enum MyE { MY_E_A = 0; A = 1; }',
    'syntax = "proto3"; enum MyE { MY_E_A = 0; B = 1; }',
  ],
  [
    'message M { optional int32 a = 1 [jstype = JS_STRING]; }',
    'message M { optional int64 a = 1 [jstype = JS_STRING]; }',
  ],
  [
    'message M { optional int32 a = 1 [lazy = true]; }',
    'message M { optional M a = 1 [lazy = true]; }',
  ],
  ['option optimize_for = FAST;', 'option optimize_for = SPEED;'],
  ['option java_package = a;', 'option java_package = "a" \'.b\';'],
  ['option java_package = "a"; option java_package = "a";', 'option java_package = "a";'],
  [
    'option java_package = "\\q";',
    'option java_package = "\\a\\b\\f\\n\\r\\t\\v\\?\\\\\\"\\\'\\1\\x1\\XfF\\u00e9\\U0001F600";',
  ],
  ['option java_package = "a\n";', 'option java_package = "a\\n";'],
  [
    'import "google/protobuf/any.proto"; import "google/protobuf/any.proto";',
    'import "google/protobuf/any.proto"; import "google/protobuf/api.proto";',
  ],
];

for (const [refused, accepted] of pairs) {
  test(`refused as by protoc: ${refused}`, () => {
    assert.equal(isAcceptedProto(refused), false);
    assert.equal(isAcceptedProto(accepted), true, accepted);
  });
}
