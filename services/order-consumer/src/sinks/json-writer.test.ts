import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonWriter } from './json-writer.ts';

function written(write: (out: JsonWriter) => void): string {
  const out = new JsonWriter();
  write(out);
  return out.written().toString();
}

test('strings equal those of JSON.stringify', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(
        written((out) => out.string(text)),
        JSON.stringify(text),
      );
    }),
  );
  for (const text of [
    '',
    '"',
    '\\',
    '\n\u0000\u001f',
    '\u007f',
    'é',
    '\ud800',
    '🙂',
    'a'.repeat(1e6),
  ])
    assert.equal(
      written((out) => out.string(text)),
      JSON.stringify(text),
    );
});

test('UTF-8 bytes print as a string, other bytes as base64', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(
        written((out) => out.text(Buffer.from(text))),
        JSON.stringify(text),
      );
    }),
  );
  assert.equal(
    written((out) => out.text(Buffer.from([0x61, 0xff]))),
    '{"base64":"Yf8="}',
  );
  assert.equal(
    written((out) => out.text(Buffer.from([0xed, 0xa0, 0x80]))),
    '{"base64":"7aCA"}',
  );
});

test('integers print all their digits', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.bigInt()), (value) => {
      assert.equal(
        written((out) => out.number(value)),
        String(value),
      );
    }),
  );
  for (const value of [0, 9, 10, 99, 2 ** 31 - 1, 2 ** 31, 2n ** 63n - 1n, -(2n ** 63n)])
    assert.equal(
      written((out) => out.number(value)),
      String(value),
    );
});

test('truncating removes the end and keeps the rest', () => {
  const out = new JsonWriter();
  out.string('kept');
  const { length } = out;
  out.string('x'.repeat(200_000));
  out.truncate(length);
  out.ascii('!');
  assert.equal(out.written().toString(), '"kept"!');
});
