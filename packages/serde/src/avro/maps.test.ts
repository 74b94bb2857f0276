import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaMismatchError } from '../errors.ts';
import { type AvroOptions, compileAvro } from './avro.ts';

const longs = { type: 'map', values: 'long' };

function encode(schema: unknown, value: unknown, options?: AvroOptions): Buffer {
  const target = Buffer.alloc(1000);
  const end = compileAvro(JSON.stringify(schema), options).encode(value, target, 0);
  return target.subarray(0, end);
}

function decode(schema: unknown, bytes: Buffer, options?: AvroOptions): unknown {
  return compileAvro(JSON.stringify(schema), options).decode(bytes, 0);
}

test('a Map is written in its own order, which an object does not keep for keys such as 10', () => {
  const map = new Map([
    ['b', 1n],
    ['10', 2n],
    ['2', 3n],
  ]);
  assert.deepEqual(encode(longs, map), Buffer.from('\x06\x02b\x02\x0410\x04\x022\x06\x00'));
  assert.deepEqual(decode(longs, encode(longs, map)), { b: 1, 10: 2, 2: 3 });
  assert.deepEqual(encode(longs, new Map()), encode(longs, {}));
});

test('a Map is a branch of a union, tagged or not, and can contain Maps', () => {
  const nested = { type: 'map', values: ['null', longs] };
  const value = new Map([['a', new Map([['b', 1]])]]);
  const plain = { a: { b: 1 } };
  assert.deepEqual(decode(['null', nested], encode(['null', nested], value)), plain);
  const tagged = new Map([['a', { map: new Map([['b', 1]]) }]]);
  const options = { unions: 'tagged' } as const;
  const bytes = encode(['null', nested], { map: tagged }, options);
  assert.deepEqual(decode(['null', nested], bytes), plain);
});

test('each key that a Map or an object can have is decoded as an own property', () => {
  const keys = ['', '__proto__', 'constructor', 'toString', '0', 'ключ', 'a/b~c'];
  const map = new Map(keys.map((key, i) => [key, i]));
  for (const value of [map, Object.fromEntries(map)]) {
    const decoded = decode(longs, encode(longs, value)) as object;
    assert.equal(Object.getPrototypeOf(decoded), Object.prototype);
    assert.deepEqual(new Set(Object.entries(decoded)), new Set(map));
  }
});

test('a Map with a key or value that does not fit is rejected', () => {
  for (const [value, expected] of [
    [new Map<unknown, unknown>([[1, 1]]), 'string'],
    [new Map([['\ud800', 1]]), 'string'],
    [new Map([['a', '1']]), 'long'],
    [new Map([['a', undefined]]), 'long'],
  ] as const) {
    assert.throws(
      () => encode(longs, value),
      (error) => {
        assert.ok(error instanceof SchemaMismatchError);
        assert.deepEqual([error.pointer, error.expected], ['/*', expected]);
        return true;
      },
    );
  }
});
