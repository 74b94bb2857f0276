import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExactJson, printExactJson } from './exact-json.ts';

test('a number beyond the range of a double is rejected with its place', () => {
  for (const [text, pointer] of [
    ['1e400', ''],
    ['{"a":{"b/c":[1,-1e400]},"d":1e999}', '/a/b~1c/1'],
    ['[1.5,[],{"e":1.0e309}]', '/2/e'],
  ] as const) {
    const message = `the number at '${pointer}' is beyond the range of a double`;
    assert.throws(() => parseExactJson(text), { name: 'SyntaxError', message });
  }
});

test('a number within the range of a double is kept, and an integer keeps all its digits', () => {
  const digits = `1${'0'.repeat(400)}`;
  const text = `[1e308,1e-400,-0,${digits},9007199254740993]`;
  assert.deepEqual(parseExactJson(text), [1e308, 0, -0, 10n ** 400n, 2n ** 53n + 1n]);
});

test('integers are printed with all their digits, unquoted, bytes as base64, and what is no number as text', () => {
  const bytes = Buffer.from([1, 255]);
  const value = {
    big: 2n ** 63n - 1n,
    list: [-(2n ** 60n), bytes],
    at: new Date(0),
    none: undefined,
  };
  const text =
    '{"big":9223372036854775807,"list":[-1152921504606846976,"Af8="],"at":"1970-01-01T00:00:00.000Z"}';
  assert.equal(printExactJson(value), text);
  assert.equal(printExactJson(new Uint8Array(bytes)), '"Af8="');
  assert.equal(printExactJson(2n ** 64n), '18446744073709551616');
  const { NaN: none, POSITIVE_INFINITY: most, NEGATIVE_INFINITY: least } = Number;
  assert.equal(printExactJson([none, most, least]), '["NaN","Infinity","-Infinity"]');
});
