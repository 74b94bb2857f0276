import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SerdeError } from '../../errors.ts';
import { InvalidAvroSchemaError } from './model.ts';
import { parseAvro } from './parse-avro.ts';

const field = (type: string, rest: string) =>
  `{"type":"record","name":"R","fields":[{"name":"f","type":${type}${rest}}]}`;

// Each verdict is that of `new Schema.Parser().parse(text)` in Avro Java 1.11.4.
const accepted = [
  '"string"',
  '{"type":"string"}',
  '{"type":"string","logicalType":"decimal"}',
  '[]',
  '["null","string"]',
  '/* a comment */ {"type": // and another\n "string"}',
  '{"type":"array","items":"int","name":"order_item"}',
  '{"type":"record","name":"Order","namespace":"Order V1","compatibility":"BACKWARD","fields":[]}',
  '{"type":"record","name":"Order V1.Order","fields":[]}',
  '{"type":"error","name":"E","fields":[]}',
  '{"type":"record","name":"a.b.R","namespace":"ignored","fields":[{"name":"f","type":["null","R"]}]}',
  '{"type":"record","name":"ns.int","fields":[]}',
  '{"type":"record","name":"Größe","fields":[]}',
  '{"type":"enum","name":"E","symbols":[],"default":null}',
  '{"type":"fixed","name":"F","size":0}',
  '{"type":"record","name":"R","fields":[{"name":"f","type":{"type":"R"}}]}',
  '{"type":"record","name":"R","fields":[],"fields":[{"name":"f","type":"int"}]}',
  field('"double"', ',"default":"NaN"'),
  field('"float"', ',"default":" 1.5f "'),
  field('"long"', ',"default":-9223372036854775808'),
  field('"int"', ',"order":"IGNORE"'),
  field('["null","int"]', ',"default":null'),
  field(
    '{"type":"record","name":"S","fields":[{"name":"g","type":"int","default":1}]}',
    ',"default":{}',
  ),
];
const refused = [
  '',
  '{',
  '"string" "string"',
  '"string" // a comment after the end',
  '1',
  'null',
  '"strin"',
  '{"type":["null","string"]}',
  '{"type":{"type":"string"}}',
  '{"name":"R"}',
  '[["null"]]',
  '["int","int"]',
  '{"type":"record","name":"int","fields":[]}',
  '{"type":"record","name":"two words","fields":[]}',
  '{"type":"record","name":"","fields":[]}',
  '{"type":"record","name":"R"}',
  '{"type":"record","name":"R","fields":{}}',
  '{"type":"record","name":"R","fields":["f"]}',
  '{"type":"record","name":"R","aliases":["two words"],"fields":[]}',
  '{"type":"record","name":"R","fields":[{"name":"f","type":"int"},{"name":"f","type":"int"}]}',
  '["int",{"type":"record","name":"R","fields":[]},{"type":"enum","name":"R","symbols":[]}]',
  '{"type":"enum","name":"E","symbols":["A","A"]}',
  '{"type":"enum","name":"E","symbols":["A"],"default":"B"}',
  '{"type":"enum","name":"E","symbols":[1]}',
  '{"type":"fixed","name":"F","size":-1}',
  '{"type":"fixed","name":"F","size":1.0}',
  '{"type":"fixed","name":"F","size":2147483648}',
  '{"type":"array"}',
  '{"type":"map"}',
  field('"int"', ',"default":1.0'),
  field('"int"', ',"default":2147483648'),
  field('"long"', ',"default":9223372036854775808'),
  field('"double"', ',"default":"one"'),
  field('"int"', ',"default":null'),
  field('["null","int"]', ',"default":1'),
  field('"int"', ',"order":"sideways"'),
  field('"int"', ',"aliases":"g"'),
  field('["null","R"]', ',"default":{}'),
  field('"R"', ',"default":{}'),
];

test('definitions that Avro Java accepts are accepted, a namespace with a space included', () => {
  for (const text of accepted) assert.doesNotThrow(() => parseAvro(text), text);
});

test('S0-05 the reference schema with the namespace "Order V1" is read', () => {
  const order = parseAvro(`{
    "type": "record", "namespace": "Order V1", "name": "Order", "compatibility": "BACKWARD",
    "fields": [{"name": "order_items", "type": {
      "name": "order_item", "type": "array",
      "items": {"name": "OrderItem", "type": "record", "fields": [{"name": "product_id", "type": "long"}]}
    }}]
  }`);
  assert.ok(order.type === 'record');
  assert.equal(order.fullName, 'Order V1.Order');
  const items = order.fields?.[0]?.schema;
  assert.ok(items?.type === 'array' && items.items.type === 'record');
  assert.equal(items.items.fullName, 'Order V1.OrderItem');
});

test('definitions that Avro Java rejects are rejected with a message', () => {
  for (const text of refused) {
    assert.throws(() => parseAvro(text), SerdeError, text);
    assert.throws(() => parseAvro(text), { code: 'invalid-avro-schema', message: /\w/ }, text);
  }
});

test('names are resolved in the enclosing namespace, then without a namespace', () => {
  const schema = parseAvro(`[
    {"type": "fixed", "name": "Id", "size": 16},
    {"type": "record", "name": "a.Outer", "fields": [
      {"name": "own", "type": {"type": "enum", "name": "Kind", "symbols": ["X"]}},
      {"name": "again", "type": "Kind"},
      {"name": "outside", "type": "Id"},
      {"name": "full", "type": "a.Kind"}
    ]}
  ]`);
  assert.ok(schema.type === 'union');
  const [id, outer] = schema.branches;
  assert.ok(outer?.type === 'record');
  const [own, again, outside, full] = outer.fields?.map((each) => each.schema) ?? [];
  assert.ok(own?.type === 'enum');
  assert.equal(own.fullName, 'a.Kind');
  assert.equal(again, own);
  assert.equal(full, own);
  assert.equal(outside, id);
});

test('a default between two safe integers keeps every digit', () => {
  const schema = parseAvro(field('"long"', ',"default":9007199254740993'));
  assert.ok(schema.type === 'record');
  assert.deepEqual(schema.fields?.[0]?.defaultValue, { number: '9007199254740993' });
});

test('any text is parsed or is an InvalidAvroSchemaError', () => {
  const node = fc.letrec((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('int', 'string', 'R', 'ns.R', 'two words', ''),
      fc.array(tie('schema'), { maxLength: 3 }),
      fc.record(
        {
          type: fc.oneof(
            fc.constantFrom('record', 'enum', 'fixed', 'array', 'map', 'int', 'R', '__proto__'),
            tie('schema'),
          ),
          name: fc.constantFrom('R', 'S', 'ns.R', '__proto__', ''),
          namespace: fc.constantFrom('ns', '', 'Order V1'),
          fields: fc.array(
            fc.record(
              { name: fc.constantFrom('f', 'g'), type: tie('schema'), default: fc.jsonValue() },
              { requiredKeys: ['name', 'type'] },
            ),
            { maxLength: 3 },
          ),
          items: tie('schema'),
          values: tie('schema'),
          symbols: fc.array(fc.constantFrom('A', 'B', 1), { maxLength: 3 }),
          size: fc.oneof(fc.integer(), fc.double()),
          aliases: fc.oneof(fc.array(fc.string(), { maxLength: 2 }), fc.jsonValue()),
        },
        { requiredKeys: [] },
      ),
    ),
  })).schema;
  const text = fc.oneof(
    node.map((schema) => JSON.stringify(schema) ?? ''),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (definition) => {
      try {
        parseAvro(definition);
      } catch (error) {
        assert.ok(error instanceof InvalidAvroSchemaError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test('defaults that fall back on defaults at every level are checked in bounded time', () => {
  let below = '"int"';
  for (let level = 0; level < 60; level += 1) {
    const value = level === 0 ? '1' : '{}';
    const again = level === 0 ? '"int"' : `"L${level - 1}"`;
    below = `{"type":"record","name":"L${level}","fields":[{"name":"a","type":${below},"default":${value}},{"name":"b","type":${again},"default":${value}}]}`;
  }
  assert.doesNotThrow(() => parseAvro(below));
});
