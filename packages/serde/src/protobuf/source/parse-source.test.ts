import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProtobuf } from '../index.ts';
import { parseSource } from './parse-source.ts';

// [definition, message of the error]
const refused: [string, RegExp][] = [
  ['edition = "2023"; message M { int32 a = 1; }', /line 1: editions are not supported/],
  ['// licence\n\nedition = "2024";', /line 3: editions are not supported/],
  ['syntax = "proto4"; message M {}', /line 1: expected proto2 or proto3/],
  ['package p;\nsyntax = "proto3";', /line 2: expected syntax as the first statement/],
  [';; package p; syntax = "proto3";', /line 1: expected syntax as the first statement/],
  ['syntax = "proto3"; syntax = "proto3";', /line 1: expected syntax as the first statement/],
  ['syntax = proto3; message M {}', /line 1: expected proto2 or proto3/],
  ['message M {}\nedition = "2023";', /line 2: editions are not supported/],
  [
    'syntax = "proto3"; option features.message_encoding = DELIMITED; message M {}',
    /the file has the option features.*: features are not supported/,
  ],
  [
    'syntax = "proto3"; message M { M m = 1 [features.message_encoding = DELIMITED]; }',
    /M\.m has the option features.*: features are not supported/,
  ],
  [
    'message M { optional group G = 1 { optional int32 x = 1; } }',
    /M\.G is a group; expected a message/,
  ],
  ['package p; message M { optional int32 a = 0; }', /p\.M\.a has number 0; expected 1 to/],
  ['package p; message M { optional int32 a = 19000; }', /p\.M\.a has number 19000/],
  ['syntax = "proto3"; enum E { A = 1; }', /E must begin with the number 0/],
  ['enum E { A = 0; B = 2147483648; }', /line 1: expected an integer up to 2147483647/],
  [
    'message M { repeated E e = 1; message E { option map_entry = true; optional M key = 1; optional M value = 2; } }',
    /M\.E is a map entry; expected a key 1 of a scalar type and a value 2/,
  ],
  ['import "name"; message M {}', /import "name" is not among the references/],
  ['import "x.proto"; message M {}', /import "x\.proto" is not among the references/],
];

for (const [definition, message] of refused) {
  test(`rejected with its place: ${definition.replaceAll('\n', ' ')}`, () => {
    assert.throws(() => compileProtobuf({ definition }, { framing: 'glue' }), {
      code: 'invalid-schema',
      message,
    });
  });
}

test('an import is read by the same rules', () => {
  const references = [{ name: 'o.proto', definition: 'edition = "2023"; message N {}' }];
  const definition = 'syntax = "proto3"; import "o.proto"; message M { N n = 1; }';
  assert.throws(
    () => compileProtobuf({ definition, references: references as never }, { framing: 'glue' }),
    { code: 'invalid-schema', message: /editions are not supported/ },
  );
});

test('words of the grammar may be names, and strings may contain them', () => {
  const definition = `/* edition = "2023"; */ syntax = 'proto3';
    message M { int32 edition = 1; int32 syntax = 2; string features = 3; }
    enum E { edition = 0; syntax = 1; }
    message message { option deprecated = true; reserved "__proto__", "edition"; }`;
  assert.equal(parseSource(definition).syntax, 'proto3');
  assert.equal(parseSource('message M {}').syntax, 'proto2');
  for (const first of [';;', '; // one\n ;', '']) {
    for (const named of ['"proto3"', '"pro" "to3"', `'' "proto"\n'3'`]) {
      const text = `${first}syntax = ${named}; message M { int32 a = 1; }`;
      assert.equal(parseSource(text).syntax, 'proto3');
      compileProtobuf({ definition: text }, { framing: 'glue' });
    }
  }
  const codec = compileProtobuf({ definition }, { framing: 'glue', message: 'M' });
  const value = { edition: 1, syntax: 2, features: 'x' };
  const target = Buffer.alloc(20);
  const end = codec.encode(value, target, 0);
  assert.deepEqual(codec.decode(target.subarray(0, end), 0), value);
});
