import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { regularExpression } from '../json-schema/regular-expression.ts';
import { createPatternMatching } from './pattern-matching.ts';

const { raw } = String;

const atoms = [
  ...['a', 'b', 'K', '.', '-', '😀', 'ſ', '\n', raw`\n`, raw`\w`, raw`\W`, raw`\d`, raw`\s`],
  ...[raw`\.`, raw`\/`, raw`\x61`, raw`\u0062`, raw`\u{1F600}`, raw`\uD83D\uDE00`, raw`\cJ`],
  ...['[ab]', '[^a]', raw`[\]\w-]`, '[]', '[^]', '[.]', raw`\p{L}`, raw`\P{Lu}`, raw`\0`],
  ...['^', '$', raw`\b`, raw`\B`, '\\-', '&', ']', '{', '}', '(?i:k)', '(?s-i:.)', '(?m:^a$)'],
];
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...atoms),
    fc.array(tie('pattern'), { maxLength: 4 }).map((parts) => parts.join('')),
    fc.array(tie('pattern'), { maxLength: 3 }).map((parts) => `(${parts.join('|')})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '{2,3}?'))
      .map(([part, quantifier]) => `(?:${part})${quantifier}`),
    fc
      .tuple(fc.constantFrom('(?=', '(?!', '(?<=', '(?<!', '(?<x>'), tie('pattern'))
      .map(([open, part]) => `${open}${part})`),
    tie('pattern').map((part) => `(?i)${part}`),
  ),
}));
const character = fc.constantFrom(...'abAkK1-. _{}]&\n\0éſ\u212a', '😀', '\ud83d', '\ude00');
const text = fc.string({ unit: character, maxLength: 8 });

test('a pattern matches what it matches in JavaScript', () => {
  let [matching, others] = [0, 0];
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 4, maxLength: 4 }), (source, texts) => {
      const { matches, isBeyond } = createPatternMatching();
      let expression: RegExp | undefined;
      try {
        expression = regularExpression(source, '2020-12');
      } catch {}
      for (const one of texts) {
        const expected = expression?.test(one) ?? false;
        assert.equal(matches(source, one), expected, JSON.stringify(one));
        matching += Number(expected);
        others += Number(!expected && expression !== undefined);
      }
      assert.equal(isBeyond(), false);
    }),
    { numRuns: 1000 },
  );
  assert.ok(matching > 300 && others > 300, `${matching} matches, ${others} others`);
});

for (const [source, one, expected] of [
  [raw`^(?=a)*b$`, 'b', true],
  [raw`^(?<=(?=(a))a)b`, 'b', false],
  [raw`(?<=^(?!b)[ab]{2})c$`, 'abc', true],
  [raw`(?<=^(?!b)[ab]{2})c$`, 'bac', false],
  [raw`^(?:(?=ab).)+b$`, 'ab', true],
  [raw`^.{1,100000}$`, 'a'.repeat(50), true],
  [raw`^(?<one>a)\x2f$`, 'a/', true],
  [raw`(?<!a)b`, 'ab', false],
  ['', '', true],
] as const) {
  test(`${source} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(one)}`, () => {
    const { matches, isBeyond } = createPatternMatching();
    assert.equal(regularExpression(source, '2020-12').test(one), expected);
    assert.equal(matches(source, one), expected);
    assert.equal(isBeyond(), false);
  });
}

test('a pattern that JavaScript matches in few steps counts the characters of the text', () => {
  for (const source of ['_at$', '(^|_)(id|uuid)$', '(_7|x[a-z]*)$', '^x-[a-z]+_7$']) {
    const { matches, isBeyond } = createPatternMatching({ states: 1000, steps: 5000 });
    for (let index = 0; index < 80; index += 1) {
      const text = `some_property_name_${index}`;
      assert.equal(matches(source, text), new RegExp(source).test(text));
    }
    assert.equal(isBeyond(), false, source);
  }
});

// JavaScript would take longer than a test for most of these.
for (const [source, one, expected] of [
  [raw`^(\w+\s?)*$`, `${'a'.repeat(50)}!`, false],
  [raw`^(a|a)*$`, `${'a'.repeat(10_000)}b`, false],
  [raw`a*a*a*a*a*a*a*a*a*a*b`, 'a'.repeat(1000), false],
  [`${'a?'.repeat(40)}${'a'.repeat(40)}b`, 'a'.repeat(40), false],
  [`^${'(?:a|a)'.repeat(40)}b`, 'a'.repeat(41), false],
  [raw`^(?:(?:a*)*)*$`, `${'a'.repeat(10_000)}b`, false],
  [raw`(x+x+)+y`, 'x'.repeat(20_000), false],
  [raw`^(?=(a+)+$)`, `${'a'.repeat(5000)}b`, false],
  [raw`(?<=^(a+)+)c`, `${'a'.repeat(5000)}b`, false],
  ['|'.repeat(170_000), 'a', true],
  [raw`(?:){1000000000}`, 'a', undefined],
  [raw`((a{1,1000}){1,1000}){1,1000}`, 'a', undefined],
  [raw`a{999999999}`, 'a', undefined],
  [raw`(?:.*a){1000}$`, 'a'.repeat(100_000), undefined],
  [raw`^(a)\1$`, 'aa', undefined],
  [raw`^(?<x>a)\k<x>$`, 'aa', undefined],
  [`${'('.repeat(501)}a${')'.repeat(501)}`, 'a', undefined],
  [`${'('.repeat(500)}a${')'.repeat(500)}`, 'a', true],
] as const) {
  const outcome = expected === undefined ? 'is beyond the limits' : `is ${expected}`;
  test(`the match of ${source.slice(0, 40)} with ${one.length} characters ${outcome}`, () => {
    const { matches, isBeyond } = createPatternMatching();
    assert.equal(matches(source, one), expected ?? false);
    assert.equal(isBeyond(), expected === undefined);
  });
}

test('patterns and texts count together, and nothing matches beyond the limits', () => {
  const { matches, isBeyond } = createPatternMatching({ states: 1000, steps: 1000 });
  const text = (index: number) => `${'a'.repeat(30)}${index}`;
  for (let index = 0; index < 100; index += 1) matches('^a*$', text(0));
  assert.equal(isBeyond(), false, 'a text that was matched is not matched again');
  for (let index = 0; index < 20 && !isBeyond(); index += 1) matches('^(?:a)*$', text(index));
  assert.ok(isBeyond());
  assert.equal(matches('', ''), false);
  const other = createPatternMatching({ states: 100, steps: 100_000 });
  for (let index = 0; index < 20 && !other.isBeyond(); index += 1)
    other.matches(`^abcdefgh${index}$`, '');
  assert.ok(other.isBeyond());
});
