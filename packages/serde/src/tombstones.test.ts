import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import {
  avroFormat,
  createDeserializer,
  createPlainJsonDeserializer,
  createSerializer,
  type DataFormat,
  peek,
} from './index.ts';
import { jsonSchemaFormat } from './json-schema/index.ts';
import { protobufFormat } from './protobuf/index.ts';

const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat()];

function registryOf(dataFormat: DataFormat, definition: string) {
  const schemaVersionId = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63';
  const schema = { schemaVersionId, dataFormat, definition };
  const framing = 'glue' as const;
  return { framing, schemaById: async () => schema, schemaByDefinition: async () => schema };
}

const registry = registryOf('AVRO', '"string"');
const secondary = createDeserializer({ registry });

test('a null or absent value is not a frame, for every deserializer', async () => {
  for (const deserializer of [
    createDeserializer({ registry }),
    createDeserializer({ registry, secondary }),
    createDeserializer({ registry, unframed: 'json' }),
    createPlainJsonDeserializer(),
  ]) {
    for (const value of [null, undefined] as unknown as Uint8Array[]) {
      const refusal = { code: 'not-a-frame', retryable: false, message: 'the value is empty' };
      await assert.rejects(deserializer.deserialize(value), refusal);
      assert.throws(() => deserializer.deserializeSync(value), refusal);
      assert.throws(() => peek(value), refusal);
    }
  }
});

test('a value that is not bytes is a TypeError', async () => {
  const deserializer = createDeserializer({ registry });
  for (const value of ['AwA=', 5, {}] as unknown as Uint8Array[]) {
    await assert.rejects(deserializer.deserialize(value), {
      name: 'TypeError',
      message: 'expected a Uint8Array to deserialize',
    });
  }
});

test('bytes of another realm are bytes', async () => {
  const framed = await createSerializer({ registry }).serialize('t', 'text', {
    schema: '"string"',
  });
  const foreign = runInNewContext('Uint8Array.from(bytes)', { bytes: [...framed] });
  assert.equal((await createDeserializer({ registry }).deserialize(foreign)).value, 'text');
});

const schemas: [DataFormat, string][] = [
  ['AVRO', '"string"'],
  ['AVRO', '["null","string"]'],
  ['AVRO', '["int","long"]'],
  ['AVRO', '{"type":"record","name":"R","fields":[]}'],
  ['AVRO', '{"type":"map","values":"int"}'],
  ['JSON', '{}'],
  ['PROTOBUF', 'syntax = "proto3"; message P { string id = 1; }'],
];

for (const [dataFormat, schema] of schemas) {
  test(`undefined never matches ${dataFormat} ${schema}`, async () => {
    const serializer = createSerializer({ registry: registryOf(dataFormat, schema), formats });
    const written = serializer.serialize('t', undefined, { schema, dataFormat });
    await assert.rejects(written, { code: 'schema-mismatch', pointer: '' });
  });
}

test('null is written if the schema has null, else rejected', async () => {
  for (const [schema, code] of [
    ['["null","string"]', undefined],
    ['"string"', 'schema-mismatch'],
  ] as const) {
    const serializer = createSerializer({ registry: registryOf('AVRO', schema) });
    const written = serializer.serialize('t', null, { schema });
    if (code) await assert.rejects(written, { code });
    else assert.equal((await written).length, 19);
  }
});
