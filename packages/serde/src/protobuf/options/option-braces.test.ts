import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAcceptedProto } from '../../testing/is-accepted-proto.ts';
import { parseProto } from '../parse-proto.ts';

const withOptions = (options: string, syntax = 'proto2') => `syntax = "${syntax}";
  import "google/protobuf/descriptor.proto";
  message O {
    optional int32 a = 1;
    optional string b = 2;
    optional O n = 3;
    repeated int32 r = 4;
    oneof one { int32 x = 5; int32 y = 6; }
    map<string, int32> k = 7;
    optional E e = 8;
    ${syntax === 'proto2' ? 'extensions 100 to 200;' : ''}
  }
  ${syntax === 'proto2' ? 'extend O { optional int32 ea = 100; optional O em = 101; }' : ''}
  extend google.protobuf.FieldOptions { optional O m = 50000; repeated O rm = 50001; optional int32 i = 50002; }
  enum E { A = 0; B = 5; }
  message T { optional int32 f = 1 [${options}]; }`;

// The answers of protoc 35.1.
const settings: Record<'accepted' | 'refused', readonly string[]> = {
  accepted: [
    '(m) = { b: "x" }, (m).a = 1',
    '(m) = { }, (m).a = 1',
    '(m) = { a: 1 }, (i) = 1, (m).b = "x"',
    '(m) = { n { a: 1 } }, (m).n.b = "x"',
    '(m) = { n: { n: { a: 1 } } }, (m).n.n.b = "x", (m).n.b = "y"',
    '(m).n = { a: 1 }, (m).n.b = "x"',
    '(m).n.n.a = 1, (m).n.a = 2',
    '(m) = { r: 1 }, (m).r = 2',
    '(m) = { x: 1 }, (m).y = 2',
    '(m) = { [ea]: 1 }, (m).a = 2',
    '(m) = { a: 1 }, (m).(ea) = 2',
    '(m) = { [em] { a: 1 } }, (m).(em).b = "x"',
    '(m) = { k { key: "a" value: 1 } }, (m).k = { key: "a" value: 1 }',
    '(rm) = { a: 1 }, (rm) = { a: 1 }',
  ],
  refused: [
    '(m) = { a: 1 }, (m).a = 1',
    '(m) = { b: "x" }, (m).b = "x"',
    '(m).a = 1, (m) = { b: "x" }',
    '(m) = { b: "x" }, (m) = { a: 1 }',
    '(m) = { }, (m) = { }',
    '(m) = { n { a: 1 } }, (m).n.a = 2',
    '(m) = { n { a: 1 } }, (m).n = { b: "x" }',
    '(m) = { n: { n: { a: 1 } } }, (m).n.n.a = 2',
    '(m).n = { a: 1 }, (m).n.a = 3',
    '(m).n.a = 1, (m).n = { b: "x" }',
    '(m).n.n.a = 1, (m).n = { b: "x" }',
    '(m) = { [ea]: 1 }, (m).(ea) = 2',
    '(m) = { [em] { a: 1 } }, (m).(em).a = 2',
    '(rm) = { a: 1 }, (rm).a = 1',
  ],
};

test('a later setting adds members to a value in braces, and sets none of its members again', () => {
  for (const options of settings.accepted)
    assert.equal(isAcceptedProto(withOptions(options)), true, options);
  for (const options of settings.refused)
    assert.equal(isAcceptedProto(withOptions(options)), false, options);
});

test('the members of all settings of an option are in its value', () => {
  const { messages } = parseProto(
    withOptions('(m) = { b: "x" n { a: 1 } }, (m).a = 2, (m).n.b = "y"'),
  );
  const options = messages.find(({ name }) => name === 'T')?.fields[0]?.options;
  assert.deepEqual(options, { '(m)': { b: 'x', n: { a: 1, b: 'y' }, a: 2 } });
});

test('editions of later releases are not values of another enum with the name Edition', () => {
  const definition = (value: string) => `import "google/protobuf/descriptor.proto";
    enum Edition { EDITION_PROTO2 = 998; }
    extend google.protobuf.FileOptions { optional Edition edition = 50000; }
    option (edition) = ${value};`;
  assert.equal(isAcceptedProto(definition('EDITION_PROTO2')), true);
  assert.equal(isAcceptedProto(definition('EDITION_2024')), false);
});

test('an enum in braces can be a number, also of an edition of a later release', () => {
  const edition = (value: string) =>
    `message M { optional int32 a = 1 [edition_defaults = { edition: ${value} value: "x" }]; }`;
  for (const value of [
    '2147483647',
    '0x7fffffff',
    '0',
    '01',
    '900',
    '998',
    '1001',
    '1002',
    '9999',
    '99999',
  ])
    assert.equal(isAcceptedProto(edition(value)), true, value);
  for (const value of ['EDITION_LEGACY', 'EDITION_MAX', 'EDITION_2024', 'EDITION_UNSTABLE'])
    assert.equal(isAcceptedProto(edition(value)), true, value);
  for (const value of ['5', '-1', '1003', '2147483646', '2147483648', '"EDITION_PROTO2"', '1.0'])
    assert.equal(isAcceptedProto(edition(value)), false, value);
  for (const [value, closed, open] of [
    ['5', true, true],
    ['7', false, true],
    ['-2147483648', false, true],
    ['2147483648', false, false],
    ['4294967301', false, false],
  ] as const) {
    assert.equal(isAcceptedProto(withOptions(`(m) = { e: ${value} }`)), closed, value);
    assert.equal(isAcceptedProto(withOptions(`(m) = { e: ${value} }`, 'proto3')), open, value);
  }
});

// protoc ignores all that follows a `#`, up to the end of the option, but its braces and tokens must be valid.
const comments: typeof settings = {
  accepted: [
    '(m) = { # c\n a: 1 }',
    '(m) = { ## c\n a: 1 }',
    '(m) = { a: 1 #\n }',
    '(m) = { a: 1# c\n }',
    '(m) = { a: 0#1\n }',
    '(m) = { a: 1, # c\n }',
    '(m) = { a: 1; # c\n }',
    '(m) = { b: "x" # c\n "y" }',
    '(m) = { a: 1 # c\n a: "x" nope: [ }',
    '(m) = { a: 1 # {}\n }',
    '(m) = { a: 1 # a: 2\n }, (m).b = "x"',
    '(m) = { # c\n a: 1 }, (m).a = 1',
    '(m) = { a: 1 # !"#"$%&()*+,-./:;<=>?@[\\]^_`|~\n }',
    '(m) = { b: "#" }',
  ],
  refused: [
    '(m) = { a # c\n : 1 }',
    '(m) = { a: # c\n 1 }',
    '(m) = { r: [1, # c\n 2] }',
    '(m) = { n { # c\n a: 1 } }',
    '(m) = { n < # c\n a: 1 > }',
    '(m) = { n # c\n { a: 1 } }',
    '(m) = { [ # c\n ea]: 1 }',
    '(m) = {# c }\n}',
    '(m) = { a: 1 # {{{ \n }',
    '(m) = { a: 1 # c',
    "(m) = { a: 1 # it's\n }",
    '(m) = { a: 1 # 08\n }',
    '(m) = { a: 1 # é\n }',
    '(m) = { a: 1 ! }',
    '(m) = # c\n { a: 1 }',
    '(m) # c\n = { a: 1 }',
    '(m) = { a: 1 } # c\n',
    '(i) = 1 # c\n',
  ],
};

test('a comment with # in the braces of an option ends the option', () => {
  for (const options of comments.accepted)
    assert.equal(isAcceptedProto(withOptions(options)), true, options);
  for (const options of comments.refused)
    assert.equal(isAcceptedProto(withOptions(options)), false, options);
  assert.equal(isAcceptedProto('# c\nmessage M {}'), false);
  assert.equal(isAcceptedProto('message M { # c\n }'), false);
});
