import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalNumber, decimalOf, numberBytes, numberProblem } from './number-attribute.ts';

test('S1-05 a number counts the bytes that DynamoDB was measured to count', () => {
  // Each was found by one item that DynamoDB took and one, a byte larger, that it refused.
  const measured: [string, number][] = [
    ['0', 1],
    ['1', 2],
    ['12', 2],
    ['123', 3],
    ['1234', 3],
    ['12345678901234567890123456789012345678', 20],
    ['0042', 2],
    ['100', 2],
    ['1010', 3],
    ['0.0000001', 2],
    ['1E125', 2],
    ['1E-100', 2],
    ['1.5', 3],
    ['15', 2],
    ['1.2', 3],
    ['1.200', 3],
    ['1.234', 4],
    ['3.14159', 5],
    ['123456', 4],
    ['100.5', 4],
    ['0.15', 2],
    ['-42', 3],
    ['-0', 1],
  ];
  for (const [text, bytes] of measured) assert.equal(numberBytes(decimalOf(text)), bytes, text);
});

test('S1-05 numbers of 38 digits from 1e-130 up to 1e126 fit', () => {
  const problemOf = (text: string) => numberProblem(decimalOf(text));
  const fitting = ['0', '-0', '0e999', '1e-130', '-1e-130', '9'.repeat(38), `-${'9'.repeat(38)}`];
  for (const text of [...fitting, `9.${'9'.repeat(37)}e125`, `${'9'.repeat(38)}e88`, '1e125'])
    assert.equal(problemOf(text), undefined, text);
  for (const text of ['9e-131', '-9.9e-131', '1e126', '-1e126', '1e999', '1e-999'])
    assert.match(problemOf(text) as string, /1e-130 up to 1e126/, text);
  assert.equal(problemOf('1'.repeat(39)), 'expected at most 38 significant digits, got 39');
  assert.equal(problemOf(`1${'0'.repeat(60)}`), undefined);
});

/** The number as a fraction of integers, read digit by digit. */
function fractionOf(text: string): [bigint, bigint] {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const shift = Number(power) - fraction.length;
  const unscaled = BigInt(`${whole}${fraction}`.replace('-', ''));
  const signed = mantissa.startsWith('-') ? -unscaled : unscaled;
  return shift >= 0 ? [signed * 10n ** BigInt(shift), 1n] : [signed, 10n ** BigInt(-shift)];
}

const anyNumber = fc.oneof(
  fc.bigInt(-(10n ** 45n), 10n ** 45n).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .tuple(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.nat(30))
    .map(([unscaled, zeros]) => `${unscaled}.${'0'.repeat(zeros)}5`),
);

test('S1-05 the canonical form is the same number, and equal only for equal numbers', () => {
  const equal = (a: string, b: string) => {
    const [[an, ad], [bn, bd]] = [fractionOf(a), fractionOf(b)];
    return an * bd === bn * ad;
  };
  fc.assert(
    fc.property(anyNumber, anyNumber, (a, b) => {
      const [first, second] = [canonicalNumber(decimalOf(a)), canonicalNumber(decimalOf(b))];
      assert.ok(equal(a, first), `${a} ${first}`);
      assert.equal(first === second, equal(a, b));
    }),
  );
  for (const same of [
    ['1', '1.0', '1e0', '10e-1', '0.1e1'],
    ['0', '-0', '0.00', '0e5'],
  ])
    assert.equal(new Set(same.map((text) => canonicalNumber(decimalOf(text)))).size, 1);
});
