import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SchemaReference } from '../index.ts';
import {
  avroMeaningChanges,
  type CompatibilityQuestion,
  canonicalAvro,
  canonicalJson,
  canonicalProtobuf,
  checkAvroCompatibility,
  checkJsonSchemaCompatibility,
  checkProtobufCompatibility,
} from './index.ts';

const from = (name: string, definition: unknown): SchemaReference => ({
  name,
  definition: typeof definition === 'string' ? definition : JSON.stringify(definition),
});
const built = (definition: unknown, ...references: SchemaReference[]) => ({
  definition: typeof definition === 'string' ? definition : JSON.stringify(definition),
  references,
});
type Schema = CompatibilityQuestion['newSchema'];
/** The types and places of the faults of a version and one before it. */
const faultsOf =
  (check: typeof checkAvroCompatibility) =>
  (newSchema: Schema, previous: Schema, mode: CompatibilityQuestion['mode'] = 'BACKWARD') =>
    check({ mode, newSchema, previous: [previous] }).incompatibilities.map(
      ({ type, newLocation }) => `${type} ${newLocation}`,
    );

const colors = (...symbols: string[]) =>
  from('p.Color', { type: 'enum', name: 'Color', namespace: 'p', symbols });
const car = { type: 'record', name: 'Car', fields: [{ name: 'color', type: 'p.Color' }] };

test('Avro: a changed reference changes the verdict, although the definition is the same', () => {
  const faults = faultsOf(checkAvroCompatibility);
  const [two, three] = [
    built(car, colors('RED', 'BLUE')),
    built(car, colors('RED', 'BLUE', 'ANY')),
  ];
  assert.deepEqual(faults(three, two), []);
  assert.deepEqual(faults(two, three), ['MISSING_ENUM_SYMBOLS /fields/0/type/symbols']);
  assert.deepEqual(faults(three, two, 'FORWARD'), ['MISSING_ENUM_SYMBOLS /fields/0/type/symbols']);
  assert.throws(() => faults(two, JSON.stringify(car)), { code: 'invalid-avro-schema' });
  assert.notEqual(canonicalAvro(two), canonicalAvro(three));
  const inlined = {
    ...car,
    fields: [{ name: 'color', type: { type: 'enum', name: 'p.Color', symbols: ['RED', 'BLUE'] } }],
  };
  assert.equal(canonicalAvro(two), canonicalAvro(JSON.stringify(inlined)));
});

test('Avro: a changed unit in a reference is a warning', () => {
  const at = (unit: string) =>
    built(
      { type: 'array', items: 'At' },
      from('At', {
        ...{ type: 'record', name: 'At' },
        fields: [{ name: 'ms', type: { type: 'long', logicalType: `timestamp-${unit}` } }],
      }),
    );
  const question = { mode: 'BACKWARD', newSchema: at('micros') } as const;
  assert.deepEqual(
    avroMeaningChanges({ ...question, previous: [at('millis')] }).map(({ type }) => type),
    ['TIME_UNIT_CHANGED'],
  );
});

test('Protobuf: a changed reference changes the verdict, also one that a reference imports', () => {
  const faults = faultsOf(checkProtobufCompatibility);
  const proto = (body: string) => `syntax = "proto3"; ${body}`;
  const schema = (type: string) =>
    built(
      proto('import "a.proto"; message M { a.A a = 1; }'),
      from('b.proto', proto(`package b; message B { ${type} n = 1; }`)),
      from('a.proto', proto('package a; import "b.proto"; message A { b.B b = 1; }')),
    );
  assert.deepEqual(faults(schema('int64'), schema('int32')), []);
  assert.deepEqual(faults(schema('string'), schema('int32')), ['FIELD_TYPE_CHANGED /M/a/b/n']);
  assert.notEqual(canonicalProtobuf(schema('string')), canonicalProtobuf(schema('int32')));
  const [first, ...references] = [...schema('int32').references].reverse();
  assert.ok(first);
  assert.equal(
    canonicalProtobuf(schema('int32')),
    canonicalProtobuf(built(schema('int32').definition, first, ...references)),
  );
});

const money = (limit: object, keyword = 'definitions') => ({
  [keyword]: { amount: { type: 'integer', ...limit } },
  type: 'object',
  properties: { amount: { $ref: `#/${keyword}/amount` } },
  additionalProperties: false,
});

test('JSON Schema: a changed reference changes the verdict, wherever the change is', () => {
  const faults = faultsOf(checkJsonSchemaCompatibility);
  const price = (ref: string) => ({
    type: 'object',
    properties: { price: { $ref: ref } },
    additionalProperties: false,
  });
  const draft07 = { $schema: 'http://json-schema.org/draft-07/schema#' };
  const anchored = (limit: object) => ({ definitions: { a: { $id: '#amount', ...limit } } });
  const cases: [name: string, (limit: object) => ReturnType<typeof built>, place: string][] = [
    [
      'a document',
      (limit) => built(price('money.json'), from('money.json', { type: 'integer', ...limit })),
      '/$references/money.json/maximum',
    ],
    [
      'a pointer inside the document that refers to it',
      (limit) => built(price('money.json#'), from('money.json', money(limit))),
      '/$references/money.json/definitions/amount/maximum',
    ],
    [
      'a pointer into the document',
      (limit) =>
        built(price('a/money.json#/definitions/amount'), from('a/money.json', money(limit))),
      '/$references/a~1money.json/definitions/amount/maximum',
    ],
    [
      'a name under the id of the definition',
      (limit) =>
        built(
          { ...draft07, $id: 'http://x.org/price.json', ...price('money.json') },
          from('http://x.org/money.json', { $id: 'http://x.org/money.json', ...money(limit) }),
        ),
      '/$references/http:~1~1x.org~1money.json/definitions/amount/maximum',
    ],
    [
      'the id of a document',
      (limit) =>
        built(
          { ...draft07, ...price('http://x.org/money') },
          from('money.json', { $id: 'http://x.org/money', ...money(limit) }),
        ),
      '/$references/money.json/definitions/amount/maximum',
    ],
    [
      'an anchor of the document',
      (limit) => built({ ...draft07, ...price('a.json#amount') }, from('a.json', anchored(limit))),
      '/$references/a.json/definitions/a/maximum',
    ],
    [
      'a reference of a reference, with a name of many characters',
      (limit) =>
        built(
          price('a.json'),
          from('100% b.json', { type: 'integer', ...limit }),
          from('a.json', { allOf: [{ $ref: '100% b.json#' }] }),
        ),
      '/$references/100% b.json/maximum',
    ],
    [
      'the whole definition',
      (limit) => built({ $ref: 'a.json' }, from('a.json', { type: 'integer', ...limit })),
      '/$references/a.json/maximum',
    ],
  ];
  for (const [name, schema, place] of cases) {
    const [wide, narrow] = [schema({ maximum: 9 }), schema({ maximum: 5 })];
    assert.deepEqual(faults(wide, wide), [], name);
    assert.deepEqual(faults(wide, narrow), [], name);
    const found = faults(narrow, wide);
    assert.ok(
      found.length > 0 && found.every((fault) => fault.endsWith(` ${place}`)),
      `${name}: ${found}`,
    );
    assert.notEqual(canonicalJson(wide), canonicalJson(narrow));
  }
});

test('JSON Schema: a reference that is missing, or that the definition uses and is invalid, is refused', () => {
  const faults = faultsOf(checkJsonSchemaCompatibility);
  const schema = { properties: { price: { $ref: 'money.json' } } };
  const reader = '{"properties":{"price":{"type":"integer"}}}';
  assert.throws(() => faults(reader, built(schema)), { code: 'invalid-schema' });
  for (const text of ['{', '{"minimum":"1"}'])
    assert.throws(() => faults('{}', built(schema, from('money.json', text))), /money\.json/);
  assert.deepEqual(faults('{}', built({}, from('unused.json', '{'))), []);
});
