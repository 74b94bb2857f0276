import assert from 'node:assert/strict';
import { test } from 'node:test';
import { avroMeaningChanges, type CompatibilityMode, checkAvroCompatibility } from './index.ts';

const record = (fields: Record<string, unknown>, more: object = {}) => ({
  type: 'record',
  name: 'R',
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  ...more,
});
const decimal = (precision: number, scale?: number) => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  ...(scale !== undefined && { scale }),
});
const long = (logicalType: string) => ({ type: 'long', logicalType });

function changes(previous: unknown, next: unknown, mode: CompatibilityMode = 'FULL') {
  const question = { mode, newSchema: JSON.stringify(next), previous: [JSON.stringify(previous)] };
  return avroMeaningChanges(question).map(
    ({ type, previousLocation, newLocation }) => `${type} ${previousLocation} ${newLocation}`,
  );
}

test('a changed scale, precision or unit is found at its place in both texts, where the verdict is compatible', () => {
  const previous = record({
    price: decimal(9, 2),
    total: decimal(9, 2),
    at: long('timestamp-millis'),
    due: long('local-timestamp-micros'),
    from: { type: 'int', logicalType: 'time-millis' },
  });
  const next = record({
    at: long('timestamp-micros'),
    price: decimal(9, 3),
    total: decimal(18, 2),
    due: long('local-timestamp-nanos'),
    from: long('time-micros'),
  });
  const question = {
    mode: 'BACKWARD' as const,
    newSchema: JSON.stringify(next),
    previous: [JSON.stringify(previous)],
  };
  assert.equal(checkAvroCompatibility(question).compatible, true);
  assert.deepEqual(changes(previous, next), [
    'TIME_UNIT_CHANGED /fields/2/type /fields/0/type',
    'DECIMAL_SCALE_CHANGED /fields/0/type /fields/1/type',
    'DECIMAL_PRECISION_CHANGED /fields/1/type /fields/2/type',
    'TIME_UNIT_CHANGED /fields/3/type /fields/3/type',
    'TIME_UNIT_CHANGED /fields/4/type /fields/4/type',
  ]);
  assert.deepEqual(
    avroMeaningChanges(question).map(({ message }) => message),
    [
      'timestamp-millis changed to timestamp-micros: stored values mean something else',
      "the decimal's scale changed from 2 to 3: stored bytes mean other numbers",
      "the decimal's precision changed from 9 to 18: one version's values may have too many digits for the other",
      'local-timestamp-micros changed to local-timestamp-nanos: stored values mean something else',
      'time-millis changed to time-micros: stored values mean something else',
    ],
  );
});

test('a logical type that is added, dropped or replaced is found, the same one is not', () => {
  const instant = long('timestamp-millis');
  assert.deepEqual(changes('long', instant), ['LOGICAL_TYPE_ADDED  ']);
  assert.deepEqual(changes(instant, 'long'), ['LOGICAL_TYPE_DROPPED  ']);
  assert.deepEqual(changes(instant, long('local-timestamp-millis')), ['LOGICAL_TYPE_CHANGED  ']);
  assert.deepEqual(changes({ type: 'int', logicalType: 'date' }, instant), [
    'LOGICAL_TYPE_CHANGED  ',
  ]);
  assert.deepEqual(changes(long('own'), long('other')), ['LOGICAL_TYPE_CHANGED  ']);
  assert.deepEqual(changes('string', { type: 'string', logicalType: 'uuid' }), [
    'LOGICAL_TYPE_ADDED  ',
  ]);
  assert.deepEqual(changes(instant, { ...instant, note: 'other attributes' }), []);
  assert.deepEqual(changes(decimal(9), decimal(9, 0)), []);
});

test('a logical type that readers ignore counts as none', () => {
  assert.deepEqual(changes('int', { type: 'int', logicalType: 'timestamp-millis' }), []);
  assert.deepEqual(changes('bytes', decimal(0)), []);
  assert.deepEqual(changes(decimal(2, 3), decimal(2, 4)), []);
  assert.deepEqual(changes(decimal(9, 2), decimal(2, 9)), ['LOGICAL_TYPE_DROPPED  ']);
  assert.deepEqual(changes('string', { type: 'string', logicalType: 7 }), []);
});

test('types are found in unions, arrays, maps and aliased fields, a named type where its text is', () => {
  const amount = (scale: number) => ({
    type: 'fixed',
    name: 'Amount',
    size: 8,
    logicalType: 'decimal',
    precision: 9,
    scale,
  });
  assert.deepEqual(
    changes(
      record({ a: amount(2), b: ['null', { type: 'array', items: long('timestamp-millis') }] }),
      record({
        b: [{ type: 'array', items: ['null', long('timestamp-micros')] }, 'null'],
        a: { type: 'map', values: amount(3) },
      }),
    ),
    ['TIME_UNIT_CHANGED /fields/1/type/1/items /fields/0/type/0/items/1'],
    'an array is not compared with a map, nor a decimal inside one',
  );
  assert.deepEqual(
    changes(record({ gone: amount(2), kept: 'Amount' }), record({ kept: ['null', amount(3)] })),
    ['DECIMAL_SCALE_CHANGED /fields/0/type /fields/0/type/1'],
  );
  const renamed = {
    type: 'record',
    name: 'R',
    fields: [{ name: 'b', aliases: ['a'], type: decimal(9, 3) }],
  };
  const expected = ['DECIMAL_SCALE_CHANGED /fields/0/type /fields/0/type'];
  assert.deepEqual(changes(record({ a: decimal(9, 2) }), renamed), expected);
  assert.deepEqual(changes(renamed, record({ a: decimal(9, 2) })), expected);
});

test('a union with records of one name in two namespaces pairs them by namespace', () => {
  const of = (namespace: string, scale: number) => record({ a: decimal(9, scale) }, { namespace });
  assert.deepEqual(changes([of('a', 1), of('b', 2)], [of('b', 2), of('a', 1)]), []);
  assert.deepEqual(changes([of('a', 1), of('b', 2)], [of('b', 3), of('a', 1)]), [
    'DECIMAL_SCALE_CHANGED /1/fields/0/type /0/fields/0/type',
  ]);
});

test('a recursive schema is compared once, a type used twice at every level in bounded time', () => {
  const list = (scale: number) =>
    record({ next: ['null', 'R'], also: ['null', 'R'], value: decimal(9, scale) });
  assert.deepEqual(changes(list(1), list(2)), [
    'DECIMAL_SCALE_CHANGED /fields/2/type /fields/2/type',
  ]);
  const nameOf = (type: unknown) =>
    typeof type === 'string' ? type : (type as { name: string }).name;
  const tower = (leaf: unknown) =>
    Array.from({ length: 60 }).reduce<unknown>(
      (below, _, level) =>
        record({ left: below, right: level === 0 ? leaf : nameOf(below) }, { name: `L${level}` }),
      leaf,
    );
  assert.equal(changes(tower(decimal(9, 1)), tower(decimal(9, 2))).length, 2);
});

test('the mode says which versions are compared', () => {
  const texts = [1, 2, 2].map((scale) => JSON.stringify(record({ a: decimal(9, scale) })));
  const newSchema = JSON.stringify(record({ a: decimal(9, 3) }));
  const compared = (mode: CompatibilityMode) =>
    avroMeaningChanges({ mode, newSchema, previous: texts }).map(({ previous }) => previous);
  assert.deepEqual(compared('BACKWARD'), [2]);
  assert.deepEqual(compared('FULL_ALL'), [0, 1, 2]);
  assert.deepEqual(compared('NONE'), []);
  assert.deepEqual(compared('DISABLED'), []);
  assert.deepEqual(avroMeaningChanges({ mode: 'FULL', newSchema, previous: [] }), []);
  assert.throws(() => avroMeaningChanges({ mode: 'FULL', newSchema: '{', previous: texts }), {
    code: 'invalid-avro-schema',
  });
});
