import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Cursor, readVarint, readVarlong } from './cursor.ts';
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts';

const integers: [number, string][] = [
  [0, '00'],
  [-1, '01'],
  [1, '02'],
  [63, '7e'],
  [-64, '7f'],
  [64, '8001'],
  [-65, '8101'],
  [8_191, 'fe7f'],
  [8_192, '808001'],
  [-1_048_576, 'ffff7f'],
  [1_048_576, '80808001'],
  [134_217_727, 'feffff7f'],
  [134_217_728, '8080808001'],
  [2_147_483_647, 'feffffff0f'],
  [-2_147_483_648, 'ffffffff0f'],
];
const longs: [number | bigint, string][] = [
  ...integers,
  [2_147_483_648, '8080808010'],
  [-2_147_483_649, '8180808010'],
  [17_179_869_183n, 'feffffff7f'],
  [17_179_869_184n, '808080808001'],
  [Number.MAX_SAFE_INTEGER, 'feffffffffffff1f'],
  [2n ** 63n - 1n, 'feffffffffffffffff01'],
  [-(2n ** 63n), 'ffffffffffffffffff01'],
];

function written(write: (bytes: Uint8Array, at: number) => number): Buffer {
  const bytes = Buffer.alloc(16, 0xee);
  const end = write(bytes, 2);
  assert.deepEqual([bytes[0], bytes[1], bytes[end]], [0xee, 0xee, 0xee]);
  return bytes.subarray(2, end);
}

/** A byte before and after does not belong to the integer. */
function cursorOver(bytes: Buffer): Cursor {
  const around = Buffer.concat([Buffer.from([0xff]), bytes, Buffer.from([0x00])]);
  return { bytes: around, pos: 1, end: 1 + bytes.length };
}

test('a varint has the bytes that the protocol describes', () => {
  for (const [value, hex] of integers) {
    const bytes = written((target, at) => writeVarint(target, at, value));
    assert.equal(bytes.toString('hex'), hex, String(value));
    assert.equal(sizeOfVarint(value), bytes.length, String(value));
    const cursor = cursorOver(bytes);
    assert.equal(readVarint(cursor), value);
    assert.equal(cursor.pos, cursor.end);
  }
});

test('a varlong has the bytes that the protocol describes', () => {
  for (const [value, hex] of longs) {
    const bytes = written((target, at) => writeVarlong(target, at, value));
    assert.equal(bytes.toString('hex'), hex, String(value));
    assert.equal(sizeOfVarlong(value), bytes.length, String(value));
    const cursor = cursorOver(bytes);
    assert.equal(BigInt(readVarlong(cursor)), BigInt(value));
    assert.equal(cursor.pos, cursor.end);
  }
});

test('a varlong of up to four bytes is read as a number, a longer one as a bigint', () => {
  assert.equal(readVarlong(cursorOver(Buffer.from('feffff7f', 'hex'))), 134_217_727);
  assert.equal(readVarlong(cursorOver(Buffer.from('8080808001', 'hex'))), 134_217_728n);
});

test('every integer is read as it was written', () => {
  const check = (value: number | bigint) => {
    const bytes = written((target, at) => writeVarlong(target, at, value));
    assert.equal(sizeOfVarlong(value), bytes.length);
    assert.equal(BigInt(readVarlong(cursorOver(bytes))), BigInt(value));
  };
  fc.assert(fc.property(fc.maxSafeInteger(), check));
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), check));
  fc.assert(
    fc.property(fc.integer(), (value) => {
      const bytes = written((target, at) => writeVarint(target, at, value));
      assert.equal(sizeOfVarint(value), bytes.length);
      assert.equal(readVarint(cursorOver(bytes)), value);
    }),
  );
});

test('an integer that ends after the record is refused, also where the bytes end', () => {
  for (const [value, hex] of longs)
    for (let length = 0; length < hex.length / 2; length += 1) {
      const all = Buffer.from(hex, 'hex');
      const read = (bytes: Buffer) => readVarlong({ bytes, pos: 0, end: length });
      const message = /got the end of the record/;
      assert.throws(() => read(all), { message }, String(value));
      assert.throws(() => read(all.subarray(0, length)), { message }, String(value));
      if (all.length > 5) continue;
      assert.throws(() => readVarint({ bytes: all, pos: 0, end: length }), { message });
      assert.throws(() => readVarint({ bytes: all.subarray(0, length), pos: 0, end: length }), {
        message,
      });
    }
});

test('an integer of more bytes than its type takes is refused', () => {
  const endless = (length: number) => cursorOver(Buffer.alloc(length, 0x80));
  const last = (length: number) =>
    cursorOver(Buffer.concat([Buffer.alloc(length - 1, 0x80), Buffer.from([1])]));
  assert.equal(readVarint(last(5)), 1 << 27);
  assert.throws(() => readVarint(last(6)), { message: 'expected a varint of at most 5 bytes' });
  assert.throws(() => readVarint(endless(20)), /at most 5 bytes/);
  assert.equal(readVarlong(last(10)), 2n ** 62n);
  assert.throws(() => readVarlong(last(11)), { message: 'expected a varlong of at most 10 bytes' });
  assert.throws(() => readVarlong(endless(20)), /at most 10 bytes/);
});
