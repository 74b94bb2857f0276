import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkAvroCompatibility } from '../../compatibility/index.ts';
import { compileAvro, inferAvro, payloadsOf } from '../../index.ts';
import { parseAvro } from '../schema/parse-avro.ts';

const name = 'Event';

function definitionOf(...payloads: unknown[]): string {
  return inferAvro(payloads, { name }).definition;
}

function typeOf(member: unknown): unknown {
  return JSON.parse(definitionOf({ a: member })).fields[0].type;
}

const target = Buffer.alloc(1024 * 1024);

/** Encodes a payload to a record and decodes it. */
function roundTrip(
  definition: string,
  payload: unknown,
  unions: 'auto' | 'tagged' = 'auto',
): unknown {
  const codec = compileAvro(definition, { unions });
  const { toValue, toPayload } = payloadsOf(definition, { unions });
  const end = codec.encode(toValue(payload), target, 0);
  return toPayload(codec.decode(target.subarray(0, end), 0));
}

test('S1-01 each kind of value has its type, and every field may be null', () => {
  const types: [unknown, unknown][] = [
    [null, 'null'],
    [true, ['null', 'boolean']],
    [1, ['null', 'long']],
    [JSON.parse('1.0'), ['null', 'long']],
    [2n ** 62n, ['null', 'long']],
    [1.5, ['null', 'double']],
    [-0, ['null', 'double']],
    [1e300, ['null', 'double']],
    ['', ['null', 'string']],
    [[], ['null', { type: 'array', items: 'null' }]],
    [[null], ['null', { type: 'array', items: 'null' }]],
    [
      [1, null, 2],
      ['null', { type: 'array', items: ['null', 'long'] }],
    ],
    [{}, ['null', { type: 'record', name: 'Event_a', fields: [] }]],
  ];
  for (const [value, type] of types) assert.deepEqual(typeOf(value), type, String(value));
});

test('S1-01 a mixed array is an array of a union, and all its objects are one record', () => {
  const field = (name: string, type: unknown) => ({ name, type, default: null });
  const record = {
    type: 'record',
    name: 'Event_a_item',
    fields: [field('x', ['null', 'long', 'string']), field('y', ['null', 'boolean'])],
  };
  const items = ['null', 'long', 'double', 'string', { type: 'array', items: 'null' }, record];
  const mixed = [{ x: 1 }, 'text', 1.5, [], null, { y: true, x: '1' }, 1];
  assert.deepEqual(typeOf(mixed), ['null', { type: 'array', items }]);
  const backward = [{ x: 1, y: null }, ...mixed.slice(1)];
  assert.deepEqual(roundTrip(definitionOf({ a: mixed }), { a: mixed }), { a: backward });
});

test('S1-01 keys that are not Avro names are escaped without collisions, and restored', () => {
  const payload = {
    'order-id': 1,
    order_id: 2,
    order_x2d_id: 3,
    '': 4,
    '1st': 5,
    'größe.m²': { '💶': 6 },
    _x110000_: 7,
  };
  const definition = definitionOf(payload);
  assert.equal(JSON.parse(definition).fields.length, 7);
  assert.match(definition, /"order_x2d_id"/);
  parseAvro(definition);
  assert.deepEqual(roundTrip(definition, payload), payload);
});

test('S1-01 nested records are named by their path, and no two are the same', () => {
  const names = definitionOf({ a: { b: {} }, a_b: {}, a_item: {}, list: [{ item: {} }] });
  assert.deepEqual(
    [...names.matchAll(/"name":"(Event[^"]*)"/g)].map((match) => match[1]),
    [
      'Event',
      'Event_a',
      'Event_a_b',
      'Event_a_b_',
      'Event_a_item',
      'Event_list_item',
      'Event_list_item_item',
    ],
  );
  parseAvro(names);
});

const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' });
const payloads = fc
  .dictionary(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'a', 'b')),
    json,
  )
  .map((object) => JSON.parse(JSON.stringify(object)));

/** A payload as decoded by a wider schema: keys in any order, missing ones null. */
function assertHolds(actual: unknown, payload: unknown): void {
  if (Array.isArray(payload)) {
    for (const [i, item] of payload.entries()) assertHolds((actual as unknown[])[i], item);
  } else if (typeof payload === 'object' && payload !== null) {
    for (const [key, member] of Object.entries(payload)) {
      assertHolds(Object.getOwnPropertyDescriptor(actual, key)?.value, member);
    }
  } else assert.deepEqual(actual, payload);
}

test('S1-01 the inferred schema is valid for Java, encodes its payload, and decodes it', () => {
  fc.assert(
    fc.property(payloads, fc.constantFrom('auto', 'tagged'), (payload, unions) => {
      const definition = definitionOf(payload);
      parseAvro(definition);
      assertHolds(roundTrip(definition, payload, unions as 'auto'), payload);
    }),
    { numRuns: 200 },
  );
});

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled).reverse();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, shuffled(member)]);
  return Object.fromEntries(entries.reverse());
}

test('S1-01 the same shape gives the same text in any order', () => {
  fc.assert(
    fc.property(fc.array(payloads, { minLength: 1, maxLength: 3 }), (samples) => {
      const text = definitionOf(...samples);
      assert.equal(definitionOf(...samples.map(shuffled).reverse()), text);
      assert.equal(inferAvro(samples, { name, previous: text }).definition, text);
    }),
    { numRuns: 150 },
  );
  assert.equal(definitionOf({ a: 1, b: 'x' }), definitionOf({ b: 'y', a: 7 }));
});

test('S1-01 a schema that widens another accepts its payloads and reads its records', () => {
  fc.assert(
    fc.property(payloads, payloads, (first, second) => {
      const previous = definitionOf(first);
      const { definition, toValue } = inferAvro([second], { name, previous });
      toValue(first);
      toValue(second);
      const check = { mode: 'BACKWARD', newSchema: definition, previous: [previous] } as const;
      assert.deepEqual(checkAvroCompatibility(check).incompatibilities, []);
    }),
    { numRuns: 150 },
  );
});

test('S1-02 a field of another type gives another schema, which is not compatible', () => {
  const check = checkAvroCompatibility({
    mode: 'BACKWARD',
    newSchema: definitionOf({ a: 1 }),
    previous: [definitionOf({ a: 'text' })],
  });
  assert.equal(check.compatible, false);
});

test('a value that Avro cannot represent is rejected with its pointer', () => {
  const refused: [unknown, string][] = [
    [[], ''],
    ['text', ''],
    [{ a: [1, 2n ** 63n] }, '/a/1'],
    [{ 'a/b': { c: '\ud800' } }, '/a~1b/c'],
    [{ a: undefined }, '/a'],
    [{ a: Number.NaN }, '/a'],
    [{ a: new Date() }, '/a'],
  ];
  for (const [payload, pointer] of refused) {
    assert.throws(() => definitionOf(payload), { code: 'schema-mismatch', pointer });
  }
  const { toValue } = inferAvro([{ a: 1 }], { name });
  assert.throws(() => toValue({ a: 'text' }), { pointer: '/a' });
  assert.throws(() => toValue({ b: 1 }), { pointer: '/*' });
  const { toValue: toOther } = inferAvro([{ 'a/b': 1 }], { name });
  assert.throws(() => toOther({ 'a/b': 'text' }), { pointer: '/a~1b' });
  assert.throws(() => inferAvro([{}], { name: 'no name' }), { code: 'invalid-schema' });
  assert.throws(() => inferAvro([{}], { name, previous: '"string"' }), { code: 'invalid-schema' });
});
