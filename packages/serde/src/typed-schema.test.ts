import assert from 'node:assert/strict';
import { test } from 'node:test';
import { avroCodec } from './avro/avro-codec.ts';
import { createDeserializer } from './deserializer.ts';
import { jsonSchemaFormat } from './json-schema/index.ts';
import type { RegisteredSchema } from './registry/schema-registry.ts';
import { createSerializer } from './serializer.ts';

interface Event {
  at: Date;
  count: number;
}

const at = { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } };
const definition = JSON.stringify({ type: 'record', name: 'Event', fields: [at] });
const newer = JSON.stringify({
  type: 'record',
  name: 'Event',
  fields: [at, { name: 'count', type: 'int', default: 7 }],
});
const logicalTypes = { timestamp: 'Date' } as const;
const writer = avroCodec<{ at: Date }>(definition, { logicalTypes });
const reader = avroCodec<Event>(newer, { logicalTypes });

const schemaVersionId = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63';
function registryOf(schema: RegisteredSchema) {
  const asked: unknown[] = [];
  return {
    asked,
    framing: 'glue' as const,
    schemaById: async () => schema,
    schemaByDefinition: async (...question: unknown[]) => {
      asked.push(question);
      return schema;
    },
  };
}
const avro = { schemaVersionId, dataFormat: 'AVRO', definition } as const;
const json = { schemaVersionId, dataFormat: 'JSON', definition: '{}' } as const;

test('a typed schema writes its own representation, and reads records of another version as its type', async () => {
  const registry = registryOf(avro);
  const serializer = createSerializer({ registry });
  const bytes = await serializer.serialize('events', { at: new Date(5) }, { schema: writer });
  assert.deepEqual(registry.asked, [['events-value', 'AVRO', definition, 'events']]);
  const deserializer = createDeserializer({ registry, readerSchema: reader });
  const event: Event = (await deserializer.deserialize(bytes)).value;
  assert.deepEqual(event, { at: new Date(5), count: 7 });
  assert.deepEqual(deserializer.deserializeSync(bytes)?.value, event);
});

test('the formats of the serializer and the deserializer do not matter to a typed schema', async () => {
  const registry = registryOf(avro);
  const formats = [jsonSchemaFormat()];
  const serializer = createSerializer({ registry, formats });
  const value = { at: new Date(5) };
  await serializer.prepare('events', { schema: writer });
  const bytes = serializer.serializeSync('events', value, { schema: writer });
  assert.ok(bytes);
  const deserializer = createDeserializer({ registry, formats, readerSchema: reader });
  assert.equal((await deserializer.deserialize(bytes)).value.count, 7);
  const chosen = createDeserializer({ registry, formats, readerSchema: () => reader });
  assert.deepEqual((await chosen.deserialize(bytes)).value, { ...value, count: 7 });
});

test('a record of another data format is rejected, not read as written', async () => {
  const registry = registryOf(json);
  const bytes = await createSerializer({ registry, formats: [jsonSchemaFormat()] }).serialize(
    'events',
    { at: 'never' },
    { schema: '{}', dataFormat: 'JSON' },
  );
  const deserializer = createDeserializer({ registry, readerSchema: reader });
  await assert.rejects(deserializer.deserialize(bytes), {
    code: 'reader-schema-mismatch',
    schemaVersionId,
  });
});

test('two typed schemas with one definition and two representations have a writer each', async () => {
  const registry = registryOf(avro);
  const serializer = createSerializer({ registry });
  const numbers = avroCodec<{ at: number }>(definition);
  const one = await serializer.serialize('events', { at: new Date(5) }, { schema: writer });
  const other = await serializer.serialize('events', { at: 5 }, { schema: numbers });
  assert.deepEqual(one, other);
  assert.deepEqual(
    await serializer.serialize('events', { at: new Date(5) }, { schema: writer }),
    one,
  );
});

test('a value that does not fit is a SchemaMismatchError, and a damaged body a DamagedFrameError', () => {
  assert.throws(() => writer.encode({ at: 5 as never }), {
    code: 'schema-mismatch',
    pointer: '/at',
  });
  const body = writer.encode({ at: new Date(5) });
  assert.throws(() => writer.decode(Buffer.concat([body, body])), { code: 'damaged-frame' });
  assert.throws(() => writer.decode(body.subarray(1)), { code: 'damaged-frame' });
});
