import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeserializer, RegistryUnavailableError } from '@order-stream/serde';
import { createContentReader } from './record-decoder.ts';

const schema = { schemaId: 7, dataFormat: 'AVRO', definition: '"long"' } as const;
const confluent = createDeserializer({
  registry: {
    framing: 'confluent',
    schemaById: async (id) => {
      if (id !== '7') throw new RegistryUnavailableError('down');
      return schema;
    },
    schemaByDefinition: async () => schema,
  },
});
const reader = createContentReader(new Map([['confluent', confluent]]));
const framed = (id: number) => Buffer.from([0, 0, 0, 0, id, 84]);

test('a value is a frame, JSON, text, or undecodable with the reason', async () => {
  assert.deepEqual(await reader.value(null), { kind: 'null' });
  assert.deepEqual(await reader.value(framed(7)), {
    kind: 'value',
    value: 42,
    schemaVersionId: '7',
  });
  assert.deepEqual(await reader.value(Buffer.from('{"a":1}')), { kind: 'value', value: { a: 1 } });
  assert.deepEqual(await reader.value(Buffer.from('{"a":')), { kind: 'text', text: '{"a":' });
  assert.deepEqual(await reader.value(Buffer.alloc(0)), { kind: 'text', text: '' });
  for (const [bytes, name] of [
    [framed(8), 'RegistryUnavailableError'],
    [Buffer.from([0xfe, 0]), 'NotAFrameError'],
    [Buffer.from([0, 0, 0, 0, 7]), 'DamagedFrameError'],
    [Buffer.concat([Buffer.from([3, 0]), Buffer.alloc(17)]), 'NoRegistryError'],
  ] as const) {
    const content = await reader.value(bytes);
    assert.equal(content.kind, 'undecodable');
    assert.equal(content.kind === 'undecodable' && content.error.name, name);
  }
});

test('a record whose data format is not loaded says which, and how to load it', async () => {
  const deserializer = createDeserializer({
    registry: {
      framing: 'confluent',
      schemaById: async () => ({ schemaId: 7, dataFormat: 'JSON', definition: '{}' }),
      schemaByDefinition: async () => schema,
    },
  });
  const bytes = Buffer.from([0, 0, 0, 0, 7, 0x31]);
  const without = createContentReader(new Map([['confluent', deserializer]]));
  assert.deepEqual(await without.value(bytes), {
    kind: 'undecodable',
    bytes,
    error: {
      name: 'FormatNotLoadedError',
      message:
        "data format JSON of schema version 7 is not loaded: add jsonSchemaFormat() of @order-stream/serde/json-schema to 'formats'",
    },
  });
});

test('a key that is JSON stays text, and an integer in bytes is not taken for a frame', async () => {
  assert.deepEqual(await reader.key(Buffer.from('{"a": 1}')), { kind: 'text', text: '{"a": 1}' });
  assert.deepEqual(await reader.key(framed(7)), {
    kind: 'value',
    value: 42,
    schemaVersionId: '7',
  });
  const integer = Buffer.alloc(8);
  integer.writeBigInt64BE(42n);
  assert.deepEqual(await reader.key(integer), { kind: 'bytes', bytes: integer });
});
