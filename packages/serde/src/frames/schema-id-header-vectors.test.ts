import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  avroFormat,
  createDeserializer,
  createSerializer,
  type DataFormat,
  type RegisteredSchema,
  type SchemaRegistry,
} from '../index.ts';
import { jsonSchemaFormat } from '../json-schema/index.ts';
import { protobufFormat } from '../protobuf/index.ts';
import { fromAvroJson } from '../testing/from-avro-json.ts';

interface Vector {
  format: DataFormat;
  schema: number;
  message?: string;
  value: string;
  part: 'value' | 'key';
  schemaIdIn: 'prefix' | 'header';
  schemaId: number;
  guid: string;
  headers: Record<string, string>[];
  body: string;
}

interface Damaged extends Pick<Vector, 'format' | 'schema' | 'guid' | 'body'> {
  alteration: string;
  header: string;
  outcome: 'read' | 'refused';
}

const file = new URL('../../vectors/confluent-headers/cases.json', import.meta.url);
const { schemas, cases, damaged } = JSON.parse(readFileSync(file, 'utf8')) as {
  schemas: string[];
  cases: Vector[];
  damaged: Damaged[];
};
const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat({ values: 'json' })];

for (const vector of cases) {
  const { format, schema, message, value: text, part, schemaIdIn } = vector;
  const definition = schemas[schema] as string;
  const title = `${format} ${message ?? ''} ${text}, schema id of the ${part} in the ${schemaIdIn}`;
  const value = format === 'AVRO' ? fromAvroJson(definition, text) : JSON.parse(text);
  const body = Buffer.from(vector.body, 'base64');
  const headers = vector.headers.map(bytesOf);

  test(`${title}: what Confluent's serializer wrote is read`, async () => {
    const deserializer = createDeserializer({ registry: registryOf(vector), formats });
    const read = await deserializer.deserialize(body, { part, headers });
    if (format !== 'PROTOBUF') {
      assert.deepEqual(read.value, value);
      return;
    }
    assert.equal((read.value as { $typeName: string }).$typeName, message);
    assert.deepEqual(Object.entries(read.value as object), Object.entries(value));
  });

  test(`${title}: the same bytes are written`, async () => {
    const serializer = createSerializer({ registry: registryOf(vector), formats, schemaIdIn });
    const added: Record<string, Buffer> = {};
    const choice = { schema: definition, dataFormat: format, part, headers: added } as const;
    const written = await serializer.serialize('t', value, {
      ...choice,
      ...(message !== undefined && { message }),
    });
    assert.deepEqual(written, body);
    assert.deepEqual(added, Object.assign({}, ...headers));
  });
}

for (const { format, alteration, header, outcome, ...vector } of damaged)
  test(`${format}, a header with ${alteration}: refused, unless Confluent's deserializer reads it`, async () => {
    const registry = registryOf({ format, schemaId: 1, ...vector });
    const deserializer = createDeserializer({ registry, formats });
    const headers = { __value_schema_id: Buffer.from(header, 'base64') };
    const read = deserializer.deserialize(Buffer.from(vector.body, 'base64'), { headers });
    // README: bytes after the value, which other libraries ignore, are damage.
    if (outcome === 'read' && alteration !== 'a byte after the end') await read;
    else await assert.rejects(read, { code: 'damaged-frame' });
  });

test('the last header of a name counts, as in Java', async () => {
  const vector = cases.find(({ headers }) => headers.length > 0) as Vector;
  const [header = {}] = vector.headers.map(bytesOf);
  const deserializer = createDeserializer({ registry: registryOf(vector), formats });
  const headers = [{ __value_schema_id: Buffer.from([9]) }, header];
  await deserializer.deserialize(Buffer.from(vector.body, 'base64'), { headers });
});

function bytesOf(header: Record<string, string>): Record<string, Buffer> {
  return Object.fromEntries(
    Object.entries(header).map(([name, text]) => [name, Buffer.from(text, 'base64')]),
  );
}

/** Has only the vector's schema, by its id and by its GUID. */
function registryOf({
  format,
  schema,
  schemaId,
  guid,
}: Pick<Vector, 'format' | 'schema' | 'schemaId' | 'guid'>): SchemaRegistry {
  const definition = schemas[schema] as string;
  const found: RegisteredSchema = { schemaId, schemaGuid: guid, dataFormat: format, definition };
  return {
    framing: 'confluent',
    async schemaById(id) {
      assert.ok(id === String(schemaId) || id === guid, id);
      return found;
    },
    schemaByDefinition: async () => found,
  };
}
