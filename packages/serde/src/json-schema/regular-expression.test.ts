import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileJsonSchema } from './index.ts';
import { regularExpression } from './regular-expression.ts';

const { raw } = String;

for (const pattern of [
  ...[raw`\p{Alpha}`, raw`^\p{Lower}+$`, raw`\P{Upper}`, raw`\p{Alnum}`, raw`\p{Punct}`],
  ...[raw`\p{IsLatin}`, raw`\p{InGreek}`, raw`\p{javaLowerCase}`, raw`\pL`, raw`[\p{Graph}]`],
  ...[raw`\h+`, raw`\H`, raw`\R`, raw`\X`, raw`\Qa.b\E`, raw`\e`, raw`\a`, raw`\x{41}`, raw`\0101`],
  ...['[a-z&&[^aeiou]]', '[a-z&&b]', '[a[bc]]', '[[:alpha:]]', '[]a]', '[^]a]', raw`[\A]`],
  ...['a++', 'a*+', 'a?+', 'a{1,2}+', '(?>a)', '(?s)a', '(?x)a', raw`\p{L}++`, '[', 'a\\', '\\'],
]) {
  test(`the pattern ${pattern} is rejected with its place`, () => {
    const schemas = [{ pattern }, { patternProperties: { [pattern]: {} } }];
    for (const [index, schema] of schemas.entries()) {
      const codec = compileJsonSchema(JSON.stringify({ properties: { 'a/b': schema } }));
      assert.throws(
        () => codec.encode({}, Buffer.alloc(10), 0),
        (error: { code: string; message: string }) => {
          assert.equal(error.code, 'invalid-schema');
          const place = `'/properties/a~1b/${['pattern', 'patternProperties'][index]}`;
          assert.ok(error.message.includes(place), error.message);
          return true;
        },
      );
    }
  });
}

for (const [pattern, taken, refused] of [
  [raw`^\p{L}+$`, 'é', '1'],
  [raw`^[\p{Lu}\p{Nd}]$`, 'É', 'é'],
  [raw`^\p{Script=Greek}$`, 'α', 'a'],
  [raw`\Aab\z`, 'ab', 'ab\n'],
  [raw`^a\Z`, 'a\n', 'a\nb'],
  [raw`^\\A$`, raw`\A`, 'A'],
  [raw`^\-\_\"\@$`, '-_"@', '-'],
  [raw`^[\w-.]+$`, 'a-.', ','],
  [raw`^[\w.\-]+$`, 'a-.', ','],
  [raw`^.\-$`, '😀-', '-'],
  [raw`^[^\-]\-$`, '😀-', '--'],
  ['^{.*}$', '{a}', 'a'],
  ['^a{2}$', 'aa', 'a{2}'],
  ['^a]$', 'a]', 'a'],
  ['^[a[b]$', '[', ']'],
  ['^[^]$', '\n', ''],
  ['(?i)^ab$', 'AB', 'a'],
  ['^(?i:a)b$', 'Ab', 'AB'],
  [raw`^(?<x>a)\k<x>$`, 'aa', 'a'],
  [raw`^\u{1F600}\u0041\x41\cJ$`, '😀AA\n', 'A'],
  ['^(?=a)*b$', 'b', 'a'],
  [raw`^\w+([\.-]?\w+)*@\w+([\.-]?\w+)*(\.\w{2,3})+$`, 'a-b@c.org', 'a'],
  ['^a&&b$', 'a&&b', 'ab'],
  [raw`^[\&\&]$`, '&', 'a'],
] as const) {
  test(`the pattern ${pattern} is valid in JavaScript, or translated`, () => {
    const expression = regularExpression(pattern);
    assert.ok(expression.test(taken));
    assert.ok(!expression.test(refused));
  });
}

test('a pattern that means the same in JavaScript and Java is used unchanged', () => {
  const part = fc.constantFrom('a', '.', '[b-d]', raw`\d`, raw`\.`, '(?:e|f)', '^', '$', 'é', '😀');
  const times = fc.constantFrom('', '?', '*', '{2}', '{1,}', '+?');
  const pattern = fc.array(fc.tuple(part, times)).map((parts) => parts.flat().join(''));
  fc.assert(
    fc.property(pattern, (text) => {
      let expected: RegExp;
      try {
        expected = new RegExp(text, 'u');
      } catch {
        return;
      }
      assert.deepEqual(regularExpression(text), expected);
    }),
  );
});

test('from draft 2019-09 on, a valid pattern of ECMA 262 is used whatever it means in Java', () => {
  for (const [pattern, taken] of [
    ['^[!#$%&&*]+$', '&*'],
    ['^[a[b]$', '['],
    ['^[a-z&&[^b]]$', '&]'],
    [raw`^\h$`, 'h'],
    [raw`^\Aa\z$`, 'a'],
  ] as const) {
    for (const draft of ['2019-09', '2020-12'] as const) {
      assert.ok(regularExpression(pattern, draft).test(taken), pattern);
      const $schema = `https://json-schema.org/draft/${draft}/schema`;
      const codec = compileJsonSchema(JSON.stringify({ $schema, pattern }));
      assert.ok(codec.encode(taken, Buffer.alloc(10), 0) > 0);
    }
  }
  for (const pattern of ['a\\', '[', '*']) {
    assert.throws(() => regularExpression(pattern, '2020-12'), SyntaxError);
  }
});
