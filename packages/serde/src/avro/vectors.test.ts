import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import avro from 'avsc';
import { createDeserializer, createSerializer, type RegisteredSchema } from '../index.ts';
import { fromAvroJson } from '../testing/from-avro-json.ts';

interface Vector {
  id: string;
  tags: string[];
  schemaVersionId: string;
  compression: 'none' | 'zlib';
  schema: string;
  registeredSchema: string;
  value: string;
  wire: string;
}

const vectors = ['avro.json', 'avro-big.json'].flatMap(vectorsOf);

for (const vector of vectors) {
  const title = vector.tags.includes('order-space') ? `S0-04 S0-05 ${vector.id}` : vector.id;
  const wire = Buffer.from(vector.wire, 'base64');
  const expected = fromAvroJson(vector.schema, vector.value);

  for (const definition of new Set([vector.schema, vector.registeredSchema])) {
    const text = definition === vector.schema ? 'given' : 'registered';

    test(`${title}: what Java wrote decodes to its value by the ${text} definition`, async () => {
      const decoded = await deserializerOf(vector, definition).deserialize(wire);
      assert.deepEqual(decoded.value, expected);
      assert.equal(decoded.schema.schemaVersionId, vector.schemaVersionId);
    });

    test(`${title}: the value encodes to Java's bytes by the ${text} definition`, async () => {
      const compression = vector.compression;
      const registry = registryOf(vector, definition);
      const serializer = createSerializer({ registry, compression });
      const framed = await serializer.serialize('t', expected, { schema: definition });
      assert.deepEqual(bodyOf(framed), bodyOf(wire));
      assert.deepEqual(framed.subarray(2, 18), wire.subarray(2, 18));
      if (compression === 'none') assert.deepEqual(framed, wire);
      else assert.equal(framed[1] === 5, framed.length < 18 + bodyOf(wire).length);
    });
  }
}

test('S0-05 avsc alone rejects the namespace that these records were written with', () => {
  const spaced = vectors.find(({ tags }) => tags.includes('order-space')) as Vector;
  assert.throws(() => avro.Type.forSchema(JSON.parse(spaced.schema)), /invalid name/);
});

function vectorsOf(file: string): Vector[] {
  const url = new URL(`../../vectors/glue-wire/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).cases;
}

function registryOf(vector: Vector, definition: string) {
  const { schemaVersionId } = vector;
  const schema: RegisteredSchema = { schemaVersionId, dataFormat: 'AVRO', definition };
  return {
    framing: 'glue' as const,
    schemaById: async () => schema,
    schemaByDefinition: async () => schema,
  };
}

function deserializerOf(vector: Vector, definition: string) {
  return createDeserializer({ registry: registryOf(vector, definition) });
}

function bodyOf(frame: Buffer): Buffer {
  return frame[1] === 5 ? inflateSync(frame.subarray(18)) : frame.subarray(18);
}
