import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalProtobuf } from '../../compatibility/canonical-protobuf.ts';
import { tokensOf } from './tokens.ts';

// Every construct of the language.
const definition = `syntax = "proto2"; package a . b.c; import "google/protobuf/descriptor.proto";
  option java_package = "x//y" '/* z */'; option (a.b.c.note).text = 'it"s';
  message Note { optional string text = 1; repeated double d = 2; }
  extend google.protobuf.FileOptions { optional Note note = 50001; }
  extend google.protobuf.FieldOptions { optional Note more = 50001; }
  message M { reserved 7, 9 to 0x10, 900 to max; reserved "old", 'older'; extensions 100 to 199;
    required .a.b.c.M.N n = 1 [deprecated = true, (more) = { text: "//" d: [1.5e-3, -inf] }];
    repeated int32 r = 2 [packed = true]; map < string , N > m = 3; optional float f = 4 [default = -1.5];
    oneof o { string s = 5; a.b.c.E e = 6 [default = B]; } message N {} }
  enum E { option allow_alias = true; A = 0; B = -1; C = 0 [deprecated = false]; }
  service S { rpc R (stream M) returns (M.N) { option deprecated = true; } rpc Q (M) returns (stream .a.b.c.M); };`;

const tokens = tokensOf(definition)
  .filter(({ kind }) => kind !== 'end')
  .map(({ kind, text }) => (kind === 'string' ? JSON.stringify(text) : text));
const isWord = (text: string | undefined) => /^[\w.]/.test(text ?? '');
const comment = fc.constantFrom(
  '/**/',
  '/* c */',
  '// c\n',
  '//\n',
  '/* " \n // */',
  "/***/ /* ' */",
);
const blank = fc.constantFrom(' ', '\n', '\t', '\r\n', '\v', '\f');
const gap = fc.array(fc.oneof(comment, blank), { maxLength: 3 }).map((parts) => parts.join(''));

test('comments and blanks between any two tokens change nothing, also without a space', () => {
  const expected = canonicalProtobuf(definition);
  const gaps = fc.array(gap, { minLength: tokens.length + 1, maxLength: tokens.length + 1 });
  fc.assert(
    fc.property(gaps, fc.constantFrom('', '// at the end', '/* at the end */'), (drawn, end) => {
      const parts = tokens.map((token, index) => {
        const between = drawn[index] ?? '';
        const mustPart = between === '' && isWord(tokens[index - 1]) && isWord(token);
        return `${mustPart ? ' ' : between}${token}`;
      });
      const text = `${parts.join('')}${drawn.at(-1)}${end}`;
      assert.equal(canonicalProtobuf(text), expected, text);
    }),
    { numRuns: 300 },
  );
});

test('a byte order mark before the text is not part of it', () => {
  assert.equal(canonicalProtobuf(`\uFEFF${definition}`), canonicalProtobuf(definition));
});

test('what is not a token is rejected with its line', () => {
  for (const [text, message] of [
    ['message M {}\n/* open', /line 2: the comment has no end/],
    ['message M {}\n/* /', /line 2: the comment has no end/],
    ['message M { optional string s = 1 [default = "x]; }', /line 1: the string has no end/],
    [
      'message M {\n  optional int32 a = 1x; }',
      /line 2: expected a space between a number and a name/,
    ],
    ['message M {}\n\n# c', /line 3: expected .*, found '#'/],
    ['message M {}\n\n\u00e9', /line 3: unexpected character "\u00e9"/],
    ['message M { optional int32 a / 1; }', /line 1: expected =, found '\/'/],
    ['// a\n/* b\n */ message\n3 {}', /line 4: expected a name, found '3'/],
    ['message M {', /line 1: expected .*, found the end of the file/],
  ] as const) {
    assert.throws(() => canonicalProtobuf(text), { code: 'invalid-schema', message }, text);
  }
});
