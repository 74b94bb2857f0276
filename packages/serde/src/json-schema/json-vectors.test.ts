import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { createDeserializer, createSerializer, type RegisteredSchema } from '../index.ts';
import { jsonSchemaFormat } from './index.ts';

interface Vector {
  id: string;
  schemaVersionId: string;
  compression: 'none' | 'zlib';
  schema: string;
  value: string;
  wire: string;
}

const formats = [jsonSchemaFormat()];

for (const vector of vectorsOf('json.json')) {
  const wire = Buffer.from(vector.wire, 'base64');
  const value = exactly(vector.value);

  test(`S1-08 ${vector.id}: Java's bytes decode to the value`, async () => {
    const decoded = await createDeserializer({ registry: registryOf(vector), formats }).deserialize(
      wire,
    );
    assert.deepEqual(decoded.value, value);
  });

  test(`S1-08 ${vector.id}: the value encodes to the JSON that Java writes`, async () => {
    const { compression } = vector;
    const serializer = createSerializer({ registry: registryOf(vector), formats, compression });
    const framed = await serializer.serialize('t', value, {
      schema: vector.schema,
      dataFormat: 'JSON',
    });
    assert.deepEqual(framed.subarray(2, 18), wire.subarray(2, 18));
    assert.deepEqual(exactly(bodyOf(framed)), exactly(bodyOf(wire)));
  });
}

const refusals: Record<string, object> = {
  // The schema does not declare the name, so the error does not repeat it.
  'public-064-json-invalid-extra': { code: 'schema-mismatch', pointer: '/*' },
  'public-065-json-invalid-missing': { code: 'schema-mismatch', pointer: '/user_id' },
  'public-066-json-invalid-type': {
    code: 'schema-mismatch',
    pointer: '/ordered_at',
    expected: 'integer',
  },
  'public-067-json-invalid-remote-ref': { code: 'invalid-schema' },
};

for (const vector of vectorsOf('invalid.json')) {
  test(`S1-08 ${vector.id} is rejected, as by Java`, async () => {
    const serializer = createSerializer({ registry: registryOf(vector), formats });
    const written = serializer.serialize('t', exactly(vector.value), {
      schema: vector.schema,
      dataFormat: 'JSON',
    });
    await assert.rejects(written, refusals[vector.id] ?? assert.fail(vector.id));
  });
}

function vectorsOf(file: string): Vector[] {
  const url = new URL(`../../vectors/glue-wire/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).cases;
}

function registryOf(vector: Vector) {
  const { schemaVersionId = '00000000-0000-0000-0000-000000000000', schema } = vector;
  const registered: RegisteredSchema = { schemaVersionId, dataFormat: 'JSON', definition: schema };
  return {
    framing: 'glue' as const,
    schemaById: async () => registered,
    schemaByDefinition: async () => registered,
  };
}

function bodyOf(frame: Buffer): string {
  const body = frame[1] === 5 ? inflateSync(frame.subarray(18)) : frame.subarray(18);
  return body.toString();
}

function exactly(text: string): unknown {
  return JSON.parse(text, ((_: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
      ? BigInt(source)
      : value) as never);
}
