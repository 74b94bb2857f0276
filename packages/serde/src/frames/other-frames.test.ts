import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  avroFormat,
  createDeserializer,
  createSerializer,
  type DataFormat,
  FormatNotLoadedError,
  type RegisteredSchema,
  type SchemaFormat,
  type SchemaRegistry,
  UndecodableError,
} from '../index.ts';

const schemaVersionId = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63';

function registryOf(dataFormat: DataFormat, definition: string): SchemaRegistry {
  const schema: RegisteredSchema = { schemaVersionId, dataFormat, definition };
  return {
    framing: 'glue',
    schemaById: async () => schema,
    async schemaByDefinition(_name, asked) {
      assert.equal(asked, dataFormat);
      return schema;
    },
  };
}

const registry = registryOf('AVRO', '"string"');

/** The bytes of the text, after the options that the format received. */
const textFormat: SchemaFormat = {
  dataFormat: 'PROTOBUF',
  compile: ({ definition }, { framing, message }) => ({
    encode: (value, target, offset) =>
      offset + target.write([definition, framing, message, value].join(), offset),
    decode: (bytes, offset) => bytes.toString('utf8', offset),
  }),
};

test('a value is written and read by the data format of its schema', async () => {
  const registry = registryOf('PROTOBUF', 'd');
  const serializer = createSerializer({ registry, formats: [textFormat] });
  const choice = { schema: 'd', dataFormat: 'PROTOBUF', message: 'm' } as const;
  const bytes = await serializer.serialize('t', 'v', choice);
  const other = await serializer.serialize('t', 'v', { ...choice, message: 'n' });
  const deserializer = createDeserializer({ registry, formats: [textFormat] });
  assert.equal((await deserializer.deserialize(bytes)).value, 'd,glue,m,v');
  assert.equal((await deserializer.deserialize(other)).value, 'd,glue,n,v');
  assert.deepEqual(serializer.serializeSync('t', 'v', choice), bytes);
});

test('the messages of one topic and schema are written as themselves, in any order', async () => {
  const registry = registryOf('PROTOBUF', 'd');
  const serializer = createSerializer({ registry, formats: [textFormat] });
  const messages = [undefined, 'm', 'n'];
  const choiceOf = (message?: string) => ({
    schema: 'd',
    dataFormat: 'PROTOBUF' as const,
    ...(message !== undefined && { message }),
  });
  for (const message of messages) await serializer.prepare('t', choiceOf(message));
  for (const first of messages)
    for (const second of messages)
      for (const message of [first, second]) {
        const frame = serializer.serializeSync('t', 'v', choiceOf(message));
        assert.equal(frame?.subarray(18).toString(), `d,glue,${message ?? ''},v`);
      }
});

for (const [dataFormat, definition, loading] of [
  ['JSON', '{}', 'jsonSchemaFormat() of @order-stream/serde/json-schema'],
  ['PROTOBUF', 'syntax = "proto3";', 'protobufFormat() of @order-stream/serde/protobuf'],
  ['AVRO', '"string"', 'avroFormat() of @order-stream/serde'],
] as const)
  test(`a record whose data format ${dataFormat} is not loaded is not undecodable, and the error says how to load it`, async () => {
    const registry = registryOf(dataFormat, definition);
    const formats = dataFormat === 'AVRO' ? [textFormat] : [avroFormat()];
    const choice = { schema: definition, dataFormat } as const;
    const isExpected = (error: unknown) => {
      assert.ok(error instanceof FormatNotLoadedError);
      assert.ok(!(error instanceof UndecodableError));
      assert.deepEqual(
        [error.code, error.retryable, error.dataFormat, error.schemaVersionId],
        ['format-not-loaded', false, dataFormat, schemaVersionId],
      );
      const text = `data format ${dataFormat} of schema version ${schemaVersionId} is not loaded: add ${loading} to 'formats'`;
      assert.equal(error.message, text);
      return true;
    };
    const serializer = createSerializer({ registry, formats });
    await assert.rejects(serializer.serialize('t', 1, choice), isExpected);
    await assert.rejects(serializer.prepare('t', choice), isExpected);
    const frame = Buffer.concat([Buffer.from([3, 0]), Buffer.alloc(16)]);
    const deserializer = createDeserializer({ registry, formats });
    await assert.rejects(deserializer.deserialize(frame), isExpected);
    assert.equal(deserializer.deserializeSync(frame), undefined);
  });

test('bytes that are not a frame are rejected, unless plain JSON is configured', async () => {
  const json = Buffer.from('{"id":9007199254740993}');
  await assert.rejects(createDeserializer({ registry }).deserialize(json), {
    code: 'not-a-frame',
    firstByte: 0x7b,
  });
  const lenient = createDeserializer({ registry, unframed: 'json' });
  const { value, schema } = await lenient.deserialize(json);
  assert.deepEqual(value, { id: 2n ** 53n + 1n });
  assert.deepEqual(schema, { dataFormat: 'JSON', definition: '{}' });
  assert.deepEqual(lenient.deserializeSync(json)?.value, value);
  for (const bytes of ['', '{', '"\xff"', '[-1e400]']) {
    const none = Buffer.from(bytes, 'latin1');
    const refusal = { code: 'not-a-frame', firstByte: none[0] };
    await assert.rejects(lenient.deserialize(none), refusal);
  }
});

test('bytes that are not a frame of the registry are passed to the secondary deserializer', async () => {
  const secondary = createDeserializer({ registry, unframed: 'json' });
  const deserializer = createDeserializer({ registry, secondary });
  assert.equal((await deserializer.deserialize(Buffer.from('1'))).value, 1);
  assert.equal(deserializer.deserializeSync(Buffer.from('2'))?.value, 2);
});
