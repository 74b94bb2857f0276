import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createDeserializer,
  createSerializer,
  peek,
  type RegisteredSchema,
  type SchemaRegistry,
  UndecodableError,
} from '../index.ts';
import { fromAvroJson } from '../testing/from-avro-json.ts';

interface Vector {
  id: string;
  format: 'AVRO' | 'JSON';
  schemaId: number;
  schema: string;
  value: string;
  wire: string;
}

const file = new URL('../../vectors/glue-wire/confluent.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')).cases as Vector[];

for (const vector of vectors) {
  const wire = Buffer.from(vector.wire, 'base64');

  test(`S2-03 ${vector.id}: the header is read without a registry`, () => {
    assert.deepEqual(peek(wire), { frame: 'confluent', schemaId: vector.schemaId });
  });

  if (vector.format !== 'AVRO') continue;
  const value = fromAvroJson(vector.schema, vector.value);

  test(`S2-03 ${vector.id}: what other libraries wrote decodes to its value`, async () => {
    const decoded = await createDeserializer({ registry: registryOf(vector) }).deserialize(wire);
    assert.deepEqual(decoded.value, value);
    assert.equal(decoded.schema.schemaId, vector.schemaId);
  });

  test(`S2-03 ${vector.id}: the value encodes to the same bytes`, async () => {
    const serializer = createSerializer({ registry: registryOf(vector) });
    assert.deepEqual(await serializer.serialize('t', value, { schema: vector.schema }), wire);
  });
}

test('S2-03 a topic that moves from one registry to the other is read in either direction', async () => {
  const confluent = registryOf(vectors[3] as Vector);
  const definition = (vectors[3] as Vector).schema;
  const value = fromAvroJson(definition, (vectors[3] as Vector).value);
  const schemaVersionId = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63';
  const glueSchema: RegisteredSchema = { schemaVersionId, dataFormat: 'AVRO', definition };
  const glue: SchemaRegistry = {
    framing: 'glue',
    schemaById: async () => glueSchema,
    schemaByDefinition: async () => glueSchema,
  };
  const choice = { schema: definition };
  const records = [
    await createSerializer({ registry: confluent }).serialize('t', value, choice),
    await createSerializer({ registry: glue }).serialize('t', value, choice),
    Buffer.from('{"plain":"json"}'),
  ];
  for (const [first, second] of [
    [confluent, glue],
    [glue, confluent],
  ] as const) {
    const secondary = createDeserializer({ registry: second, unframed: 'json' });
    const deserializer = createDeserializer({ registry: first, secondary });
    const read = [];
    for (const record of records) read.push((await deserializer.deserialize(record)).value);
    assert.deepEqual(read, [value, value, { plain: 'json' }]);
    assert.deepEqual(
      records.map((record) => deserializer.deserializeSync(record)?.value),
      read,
    );
  }
});

test('S2-03 a Confluent frame that is cut anywhere is refused by its schema id', async () => {
  const vector = vectors[3] as Vector;
  const wire = Buffer.from(vector.wire, 'base64');
  const deserializer = createDeserializer({ registry: registryOf(vector) });
  await deserializer.deserialize(wire);
  for (let length = 1; length < wire.length; length++) {
    await assert.rejects(deserializer.deserialize(wire.subarray(0, length)), {
      code: 'damaged-frame',
      schemaVersionId: length < 5 ? undefined : String(vector.schemaId),
    });
  }
});

test('S2-03 a Confluent frame that was altered decodes or is refused, and nothing else', async () => {
  const subjects = await Promise.all(
    vectors
      .filter(({ format }) => format === 'AVRO')
      .map(async (vector) => {
        const wire = Buffer.from(vector.wire, 'base64');
        const deserializer = createDeserializer({ registry: registryOf(vector) });
        await deserializer.deserialize(wire);
        return { wire, deserializer };
      }),
  );
  const alteration = fc.record({
    at: fc.nat(4095),
    byte: fc.nat(255),
    drop: fc.nat(3),
    add: fc.uint8Array({ maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...subjects), alteration, ({ wire, deserializer }, change) => {
      const { at, byte, drop, add } = change;
      const body = Buffer.concat([wire.subarray(5, Math.max(5, wire.length - drop)), add]);
      if (body.length > 0) body[at % body.length] = byte;
      try {
        deserializer.deserializeSync(Buffer.concat([wire.subarray(0, 5), body]));
      } catch (error) {
        assert.ok(error instanceof UndecodableError, `${error}`);
        assert.match(String(error.schemaVersionId), /^\d+$/);
      }
    }),
    { numRuns: 20_000 },
  );
});

test('a Confluent frame does not support compression', () => {
  const registry = registryOf(vectors[3] as Vector);
  assert.throws(() => createSerializer({ registry, compression: 'zlib' }), TypeError);
});

/** Has only the vector's schema, by its id. */
function registryOf(vector: Vector): SchemaRegistry {
  const { schemaId, format, schema: definition } = vector;
  const schema: RegisteredSchema = { schemaId, dataFormat: format, definition };
  return {
    framing: 'confluent',
    async schemaById(id) {
      assert.equal(id, String(schemaId));
      return schema;
    },
    schemaByDefinition: async () => schema,
  };
}
