import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { IHeaders } from 'kafkajs';
import { encodeHeaders, readHeaders } from './headers.ts';

const encoded = (headers: unknown) => encodeHeaders(headers as IHeaders).toString('hex');

function decoded(hex: string): IHeaders {
  const bytes = Buffer.from(hex, 'hex');
  const cursor = { bytes, pos: 0, end: bytes.length };
  const headers = readHeaders(cursor);
  assert.equal(cursor.pos, bytes.length);
  return headers;
}

test('headers are their count, then the name and value of each', () => {
  assert.equal(encodeHeaders().toString('hex'), '00');
  assert.equal(encoded({}), '00');
  assert.equal(encoded({ a: 'xy' }), '02' + '0261' + '047879');
  assert.equal(encoded({ ä: Buffer.from([1]), b: '' }), '04' + '04c3a4' + '0201' + '0262' + '00');
  assert.equal(encoded({ a: null, b: undefined }), '04' + '0261' + '01' + '0262' + '01');
  const list = { a: ['x', null, Buffer.from('z')], none: [] };
  assert.equal(encoded(list), '06' + '0261' + '0278' + '0261' + '01' + '0261' + '027a');
});

test('headers that share a name are read as a list, also where a value is null', () => {
  const [x, z] = [Buffer.from('x'), Buffer.from('z')];
  assert.deepEqual(decoded('00'), {});
  assert.deepEqual(decoded('02' + '0261' + '01'), { a: null });
  assert.deepEqual(decoded('04' + '0261' + '0278' + '0262' + '00'), { a: x, b: Buffer.alloc(0) });
  assert.deepEqual(decoded('04' + '0261' + '01' + '0261' + '0278'), { a: [null, x] });
  const three = '06' + '0261' + '0278' + '0261' + '01' + '0261' + '027a';
  assert.deepEqual(decoded(three), { a: [x, null, z] });
});

test('headers named as the properties of every object are read as any other', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  for (const name of names)
    for (const count of [1, 2, 3]) {
      const values = Array.from({ length: count }, (_, index) => Buffer.from([index]));
      const sent = Object.fromEntries([[name, values]]);
      const read = decoded(encoded(sent));
      assert.deepEqual(Object.entries(read), [[name, count === 1 ? values[0] : values]]);
      assert.equal(Object.getPrototypeOf(read), Object.prototype);
      Object.assign(Object.create(null), read);
      read[name] = 'writable';
      assert.equal(read[name], 'writable');
      assert.ok(delete read[name]);
    }
});

test('every set of headers is read as it was written', () => {
  const values = fc.option(fc.uint8Array({ maxLength: 80 }).map(Buffer.from));
  const headers = fc.dictionary(
    fc.string({ unit: 'grapheme' }),
    fc.oneof(values, fc.array(values)),
  );
  fc.assert(
    fc.property(headers, (sent) => {
      const expected = Object.entries(sent).flatMap(([name, value]) => {
        if (!Array.isArray(value)) return [[name, value]];
        if (value.length === 0) return [];
        return [[name, value.length === 1 ? value[0] : value]];
      });
      assert.deepEqual(Object.entries(decoded(encoded(sent))).sort(), expected.sort());
    }),
  );
});

test('headers whose count, name or value cannot be read are refused', () => {
  assert.throws(() => decoded('01'), /the number of headers, got a negative number/);
  assert.throws(() => decoded('02' + '01' + '00'), /the name of a header, got null/);
  const [cut] = [/expected more bytes, got the end of the record/];
  const whole = '04' + '0261' + '0278' + '0462' + '63' + '00';
  for (let length = 0; length < whole.length; length += 2)
    assert.throws(() => decoded(whole.slice(0, length)), cut, `${length / 2} bytes`);
  assert.throws(() => decoded('feffffff0f' + '0261' + '0278'), cut);
  assert.throws(() => decoded('02' + 'feffffff0f' + '0278'), cut);
});
