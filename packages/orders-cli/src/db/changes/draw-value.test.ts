import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSeededRandom } from '../../seeded-random.ts';
import {
  type ColumnType,
  signedInteger,
  type TableColumn,
  unsignedInteger,
} from './column-type.ts';
import { drawColumn } from './draw-value.ts';

const column = (type: ColumnType, isNullable = false): TableColumn => ({
  ...{ name: 'x', type, isNullable, hasDefault: false },
});
const draw = (type: ColumnType, seed: string) =>
  drawColumn(createSeededRandom(seed), column(type)) as string;
const everySeed = (check: (seed: string) => void) => fc.assert(fc.property(fc.string(), check));

test('integers stay within the bounds of their type, and every bit is used', () => {
  const bits = fc.constantFrom(8, 16, 32, 64);
  fc.assert(
    fc.property(bits, fc.boolean(), fc.string(), (size, isSigned, seed) => {
      const type = isSigned ? signedInteger(size) : unsignedInteger(size);
      const { min, max } = type as { min: bigint; max: bigint };
      const value = BigInt(draw(type, seed));
      assert.ok(value >= min && value <= max);
    }),
  );
  const many = Array.from({ length: 200 }, (_, seed) => BigInt(draw(signedInteger(64), `${seed}`)));
  for (const expected of [2n ** 63n - 1n, -(2n ** 63n)]) assert.ok(many.includes(expected));
  assert.ok(many.some((value) => value > 2n ** 53n && value % 2n === 1n && value < 2n ** 63n - 1n));
});

test('decimals have the digits and the scale of their column', () => {
  everySeed((seed) => {
    assert.match(draw({ kind: 'decimal', digits: 18, scale: 4 }, seed), /^-?\d{1,14}\.\d{4}$/);
    assert.match(draw({ kind: 'decimal', digits: 5, scale: 0 }, seed), /^-?\d{1,5}$/);
    assert.match(draw({ kind: 'decimal', digits: 30 }, seed), /^-?\d{1,30}(\.\d{1,30})?$/);
  });
});

test('texts keep their maximum length in characters, and labels are those of the type', () => {
  everySeed((seed) => {
    assert.ok([...draw({ kind: 'text', maxLength: 2 }, seed)].length <= 2);
    assert.match(draw({ kind: 'enum', labels: ['a', 'b'] }, seed), /^[ab]$/);
    assert.match(draw({ kind: 'boolean' }, seed), /^(true|false)$/);
  });
});

test('documents, UUIDs and times are valid', () => {
  everySeed((seed) => {
    JSON.parse(draw({ kind: 'json' }, seed));
    assert.match(draw({ kind: 'uuid' }, seed), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const timestamp = draw({ kind: 'timestamp' }, seed);
    assert.match(timestamp, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
    assert.ok(Number.isFinite(Date.parse(`${timestamp.replace(' ', 'T')}Z`)));
    assert.match(draw({ kind: 'date' }, seed), /^(19|20)\d\d-\d\d-\d\d$/);
    assert.match(draw({ kind: 'time' }, seed), /^\d\d:\d\d:\d\d\.\d{6}$/);
  });
});

test('only a nullable column is NULL, now and then', () => {
  const random = createSeededRandom('null');
  const values = (isNullable: boolean) =>
    Array.from({ length: 600 }, () => drawColumn(random, column({ kind: 'boolean' }, isNullable)));
  assert.ok(!values(false).includes(null));
  const nulls = values(true).filter((value) => value === null).length;
  assert.ok(nulls > 60 && nulls < 140, String(nulls));
});
