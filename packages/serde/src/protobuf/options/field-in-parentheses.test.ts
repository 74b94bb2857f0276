import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProto } from '../parse-proto.ts';

const head = 'import "google/protobuf/descriptor.proto";';
const withOption = (options: string) => `${head}
  message O { optional int32 a = 1; optional int32 b = 2; optional int32 uninterpreted_option = 3; repeated int32 r = 4; }
  extend google.protobuf.MessageOptions { optional O o = 50000; }
  message M { ${options} }`;

// The answers of protoc 35.1.
const accepted: readonly string[] = [
  'option (google.protobuf.MessageOptions.deprecated) = true;',
  'option (.google.protobuf.MessageOptions.deprecated) = true;',
  // protoc sets the options in parentheses after the others, and compares only those of a kind.
  'option (google.protobuf.MessageOptions.deprecated) = true; option deprecated = true;',
  'option (google.protobuf.MessageOptions.uninterpreted_option) = {};',
  'option (o).(O.a) = 1;',
  'option (.o).(.O.a) = 1;',
  'option (o).(O.a) = 1; option (o).b = 1;',
  'option (o).(O.r) = 1; option (o).(O.r) = 1;',
  'option (o) = { [O.a]: 1 };',
  'option (o).uninterpreted_option = 1;',
  'repeated int32 f = 1 [(google.protobuf.FieldOptions.packed) = true];',
  'optional int64 f = 1 [(google.protobuf.FieldOptions.jstype) = JS_STRING];',
  'optional M f = 1 [(google.protobuf.FieldOptions.lazy) = true];',
  'option (google.protobuf.MessageOptions.deprecated_legacy_json_field_conflicts) = true; ' +
    'optional int32 f = 1 [json_name = "x"]; optional int32 g = 2 [json_name = "x"];',
  'enum E { option (google.protobuf.EnumOptions.allow_alias) = true; A = 0; B = 0; }',
  // protoc requires an alias before it looks into parentheses.
  'enum E { option (google.protobuf.EnumOptions.allow_alias) = true; A = 0; B = 1; }',
  'enum E { option (google.protobuf.EnumOptions.allow_alias) = false; A = 0; B = 1; }',
  'enum E { A = 0 [(google.protobuf.EnumValueOptions.deprecated) = true]; }',
  'extensions 4 [(google.protobuf.ExtensionRangeOptions.verification) = UNVERIFIED];',
];
const refused: readonly string[] = [
  'option (google.protobuf.FieldOptions.deprecated) = true;',
  'option (google.protobuf.MessageOptions) = {};',
  'option (google.protobuf.MessageOptions).deprecated = true;',
  'option (google.protobuf.MessageOptions.deprecated) = 1;',
  'option (google.protobuf.MessageOptions.deprecated) = true; option (google.protobuf.MessageOptions.deprecated) = true;',
  'option (google.protobuf.MessageOptions.features).field_presence = EXPLICIT;',
  'option (deprecated) = true;',
  'option uninterpreted_option = {};',
  'option (M.x) = { a: 1 }; optional O x = 1;',
  'option (o).(O.a) = "1";',
  'option (o).(O.a) = 1; option (o).a = 1;',
  'option (o) = { a: 1 }; option (o).(O.a) = 1;',
  'option (o) = { [O.a]: 1, a: 2 };',
  'optional string f = 1 [(google.protobuf.FieldOptions.packed) = true];',
  'optional int32 f = 1 [(google.protobuf.FieldOptions.jstype) = JS_STRING];',
  'optional int32 f = 1 [(google.protobuf.FieldOptions.lazy) = true];',
  'repeated string f = 1 [packed = false, (google.protobuf.FieldOptions.packed) = true];',
  'repeated string f = 1 [(google.protobuf.FieldOptions.packed) = true, packed = false];',
  'enum E { option allow_alias = true; option (google.protobuf.EnumOptions.allow_alias) = false; A = 0; B = 0; }',
  'enum E { option allow_alias = false; option (google.protobuf.EnumOptions.allow_alias) = true; A = 0; B = 0; }',
];

test('an option that is a field can have its full name in parentheses', () => {
  for (const options of accepted)
    assert.doesNotThrow(() => parseProto(withOption(options)), options);
  const invalid = { code: 'invalid-schema' };
  for (const options of refused)
    assert.throws(() => parseProto(withOption(options)), invalid, options);
  const undeclared = 'message M { option (google.protobuf.MessageOptions.deprecated) = true; }';
  assert.throws(() => parseProto(undeclared), invalid);
});

test('names are searched from the package of the file', () => {
  for (const [scope, name] of [
    ['google.protobuf', 'MessageOptions.deprecated'],
    ['google', 'protobuf.MessageOptions.deprecated'],
  ])
    parseProto(`package ${scope}; ${head} message U { option (${name}) = true; }`);
});

test('the model has the name of the field', () => {
  const { messages } = parseProto(
    withOption(
      'option (google.protobuf.MessageOptions.deprecated) = true; option (o).(O.a) = 1; ' +
        'repeated int32 f = 1 [(google.protobuf.FieldOptions.packed) = true];' +
        'repeated int32 g = 2 [packed = false, (google.protobuf.FieldOptions.packed) = true];' +
        'repeated int32 h = 3 [(google.protobuf.FieldOptions.packed) = true, packed = false];',
    ),
  );
  const message = messages.find(({ name }) => name === 'M');
  assert.deepEqual(message?.options, { deprecated: true, '(o)': { a: 1 } });
  assert.deepEqual(
    message?.fields.map(({ packed }) => packed),
    [true, true, true],
  );
});
