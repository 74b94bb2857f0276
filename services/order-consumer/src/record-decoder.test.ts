import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  avroFormat,
  createDeserializer,
  DamagedFrameError,
  type Deserializer,
  NotAFrameError,
  type RegisteredSchema,
  RegistryAccessError,
  RegistryUnavailableError,
  type SchemaFormat,
  type SchemaRegistry,
} from '@order-stream/serde';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';
import { protobufFormat } from '@order-stream/serde/protobuf';
import type { KafkaMessage } from 'kafkajs';
import { createRecordDecoder, type TombstonePolicy } from './record-decoder.ts';

const schema = { schemaVersionId: 'v1', dataFormat: 'AVRO' as const, definition: '"string"' };

/** A value is a word for its outcome, or the number of its inflated bytes. */
const deserializer = {
  deserializeSync(bytes: Uint8Array) {
    const word = bytes.toString();
    if (word === 'foreign') throw new NotAFrameError(0x7b);
    if (word === 'cut') throw new DamagedFrameError('truncated-body', 'v1');
    if (word === 'bug') throw new TypeError('secret value');
    if (word.startsWith('new')) return undefined;
    return { value: word, schema, bodyBytes: Number(word) || 1 };
  },
  async deserialize(bytes: Uint8Array) {
    const word = bytes.toString();
    if (word === 'new-down') throw new RegistryUnavailableError('connection refused');
    if (word === 'new-denied') throw new RegistryAccessError('not authorized');
    return { value: word, schema, bodyBytes: 1 };
  },
} as Deserializer;

const deserializerOf = () => deserializer;

const record = (word: string | null, index: number) =>
  ({ offset: String(index), value: word === null ? null : Buffer.from(word) }) as KafkaMessage;

async function runs(
  words: (string | null)[],
  tombstones: TombstonePolicy = 'ignore',
  { maxRunRecords = 1000, maxRunBytes = 1_000_000 } = {},
) {
  const decodeRun = createRecordDecoder({ deserializerOf, tombstones, maxRunRecords, maxRunBytes });
  const records = words.map(record);
  const seen: string[] = [];
  for (let at = 0; at < records.length; ) {
    const run = await decodeRun('orders', records, at).catch((error: Error) => error);
    if (run instanceof Error) return [...seen, run.name];
    assert.ok(run.next > at);
    const outcomes = [
      ...run.deliveries.map(({ record, value }) => [record.offset, String(value)] as const),
      ...run.refusals.map(
        ({ record, reason, error }) => [record.offset, `${reason}:${error.name}`] as const,
      ),
    ];
    const byOffset = outcomes.sort(([a], [b]) => Number(a) - Number(b));
    seen.push(byOffset.map(([, outcome]) => outcome).join(' '));
    at = run.next;
  }
  return seen;
}

test('a run holds decoded and undecodable records, each list in the order of the offsets', async () => {
  assert.deepEqual(await runs(['a', 'foreign', 'b', 'cut', 'c']), [
    'a undecodable:NotAFrameError b undecodable:DamagedFrameError c',
  ]);
  const decodeRun = createRecordDecoder({ deserializerOf, tombstones: 'ignore' });
  const run = await decodeRun('orders', ['a', 'foreign', 'b', 'cut'].map(record), 0);
  assert.deepEqual(
    [run.deliveries, run.refusals].map((list) => list.map(({ record }) => record.offset)),
    [
      ['0', '2'],
      ['1', '3'],
    ],
  );
});

test('an unknown schema is fetched, and the run continues', async () => {
  assert.deepEqual(await runs(['a', 'new', 'b']), ['a new b']);
});

test('when the registry is unavailable, earlier records still form a run, and the next call throws', async () => {
  assert.deepEqual(await runs(['a', 'new-down', 'b']), ['a', 'RegistryUnavailableError']);
  assert.deepEqual(await runs(['foreign', 'new-denied']), [
    'undecodable:NotAFrameError',
    'RegistryAccessError',
  ]);
  assert.deepEqual(await runs([null, 'new-down']), ['', 'RegistryUnavailableError']);
});

const bodies = {
  AVRO: ['"string"', '0261'],
  JSON: ['{"type":"string"}', '226122'],
  PROTOBUF: ['syntax = "proto3"; message M { string a = 1; }', '000a0161'],
} as const;
const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat()];

for (const dataFormat of ['AVRO', 'JSON', 'PROTOBUF'] as const)
  test(`a record whose data format ${dataFormat} is not loaded does not become a dead letter, as a value and as a key`, async () => {
    const [definition, body] = bodies[dataFormat];
    const version: RegisteredSchema = { schemaId: 7, dataFormat, definition };
    const registry: SchemaRegistry = {
      framing: 'confluent',
      schemaById: async () => version,
      schemaByDefinition: async () => version,
    };
    const framed = Buffer.from(`0000000007${body}`, 'hex');
    const decoderWith = (loaded: readonly SchemaFormat[]) => {
      const by = createDeserializer({ registry, formats: loaded });
      return createRecordDecoder({ deserializerOf: () => by, keys: by, tombstones: 'delete' });
    };
    const without = decoderWith(formats.filter((format) => format.dataFormat !== dataFormat));
    const value = { offset: '1', value: framed } as KafkaMessage;
    const key = { offset: '2', value: null, key: framed } as KafkaMessage;
    const notLoaded = { code: 'format-not-loaded', dataFormat };
    for (const one of [value, key]) {
      await assert.rejects(without('orders', [one], 0), notLoaded);
      const { deliveries, refusals, next } = await without('orders', [record(null, 0), one], 0);
      assert.deepEqual([deliveries.length, refusals, next], [1, [], 1]);
      const run = await decoderWith(formats)('orders', [one], 0);
      assert.deepEqual([run.deliveries.length, run.refusals], [1, []]);
    }
  });

test('an unexpected error rejects only its record', async () => {
  assert.deepEqual(await runs(['a', 'bug', 'b']), ['a bug:TypeError b']);
});

test('tombstones are ignored, delivered as null with the policy `delete`, or rejected with `dlq`', async () => {
  assert.deepEqual(await runs([null, 'a', null, 'b', null]), ['a b']);
  assert.deepEqual(await runs([null, null]), ['']);
  assert.deepEqual(await runs(['a', null], 'delete'), ['a null']);
  assert.deepEqual(await runs(['a', null], 'dlq'), ['a rejected:TombstoneRefusedError']);
  const decodeRun = createRecordDecoder({ deserializerOf, tombstones: 'delete' });
  const tombstone = record(null, 0);
  assert.deepEqual((await decodeRun('orders', [tombstone], 0)).deliveries, [
    { record: tombstone, value: null, schema: undefined },
  ]);
});

test('the key of a delivered tombstone is decoded if it is a frame, and waits for the registry', async () => {
  const decodeRun = createRecordDecoder({
    deserializerOf,
    keys: deserializer,
    tombstones: 'delete',
  });
  const keyed = (word: string | null, index: number) => ({
    ...record(null, index),
    key: word === null ? null : Buffer.from(word),
  });
  const run = await decodeRun('orders', ['a', 'new', 'foreign', 'cut', null].map(keyed), 0);
  assert.deepEqual(
    run.deliveries.map(({ key }) => (key === undefined ? 'as it is' : key.value)),
    ['a', 'new', 'as it is', 'as it is', 'as it is'],
  );
  await assert.rejects(decodeRun('orders', [keyed('new-down', 0)], 0), RegistryUnavailableError);
  const ended = await decodeRun('orders', ['a', 'new-down'].map(keyed), 0);
  assert.equal(ended.next, 1);
});

test('a key is decoded if it begins as a frame, with its own schema, and waits for the registry', async () => {
  const decodeRun = createRecordDecoder({
    deserializerOf,
    keys: {
      ...deserializer,
      deserializeSync: (bytes: Uint8Array) => deserializer.deserializeSync(bytes.subarray(1)),
      deserialize: (bytes: Uint8Array) => deserializer.deserialize(bytes.subarray(1)),
    } as Deserializer,
    tombstones: 'ignore',
  });
  const keyed = (key: string | null, index: number) => ({
    ...record('value', index),
    key: key === null ? null : Buffer.from(key),
  });
  const keys = ['\u0003a', '\u0000new', '\u0003foreign', 'a', '', null];
  const run = await decodeRun('orders', keys.map(keyed), 0);
  assert.deepEqual(
    run.deliveries.map(({ key }) => key?.value),
    ['a', 'new', ...Array(4).fill(undefined)],
  );
  assert.equal(run.deliveries[0]?.key?.schema.versionId, 'v1');
  const down = keyed('\u0003new-down', 0);
  await assert.rejects(decodeRun('orders', [down], 0), RegistryUnavailableError);
  assert.equal((await decodeRun('orders', [keyed('a', 0), down], 0)).next, 1);
  // Its bytes count for the run.
  const small = createRecordDecoder({
    deserializerOf,
    keys: { ...deserializer, deserializeSync: () => ({ bodyBytes: 60, schema }) } as never,
    tombstones: 'ignore',
    maxRunBytes: 100,
  });
  assert.equal((await small('orders', [keyed('\u0003a', 0), keyed('\u0003a', 1)], 0)).next, 1);
});

test('all deliveries of a schema version share one schema object with the version id', async () => {
  const other = { schemaId: 7, dataFormat: 'AVRO' as const, definition: '"long"' };
  const schemas = [schema, other, schema, { dataFormat: 'JSON' as const, definition: '{}' }];
  const decodeRun = createRecordDecoder({
    deserializerOf: () => ({
      ...deserializer,
      deserializeSync: ([index]) => ({
        value: 0 as never,
        schema: schemas[index as number] as typeof schema,
        bodyBytes: 1,
      }),
    }),
    tombstones: 'ignore',
  });
  const records = schemas.map((_, index) => record(String.fromCharCode(index), index));
  const delivered = (await decodeRun('orders', records, 0)).deliveries.map(({ schema }) => schema);
  assert.deepEqual(
    delivered.map((one) => [one?.versionId, one?.definition]),
    [
      ['v1', '"string"'],
      ['7', '"long"'],
      ['v1', '"string"'],
      [undefined, '{}'],
    ],
  );
  assert.equal(delivered[0], delivered[2]);
});

test('a delivery has the reader schema that its value was resolved to', async () => {
  const readerSchema = { schemaVersionId: 'v2', dataFormat: 'AVRO' as const, definition: '"long"' };
  const decodeRun = createRecordDecoder({
    deserializerOf: (topic) => ({
      ...deserializer,
      deserializeSync: () => ({ value: topic as never, schema, readerSchema, bodyBytes: 1 }),
    }),
    tombstones: 'ignore',
  });
  const { deliveries } = await decodeRun('orders', [record('a', 0)], 0);
  assert.deepEqual(
    deliveries.map(({ value, schema }) => [value, schema?.versionId, schema?.definition]),
    [['orders', 'v2', '"long"']],
  );
});

test('a run ends at the maximum number of records', async () => {
  assert.deepEqual(await runs(['a', 'b', 'c', 'd', 'e'], 'ignore', { maxRunRecords: 2 }), [
    'a b',
    'c d',
    'e',
  ]);
});

test('a run ends at the maximum number of bytes, and a larger record forms its own run', async () => {
  const limit = { maxRunBytes: 100 };
  assert.deepEqual(await runs(['40', '60', '1', '99', '101', '1'], 'ignore', limit), [
    '40 60',
    '1 99',
    '101',
    '1',
  ]);
  const small = { maxRunBytes: 12 };
  assert.deepEqual(await runs(['foreign', '3', '8'], 'ignore', small), [
    'undecodable:NotAFrameError 3',
    '8',
  ]);
  assert.deepEqual(await runs(['foreign', 'cut', '3', '8', 'foreign'], 'ignore', small), [
    'undecodable:NotAFrameError undecodable:DamagedFrameError',
    '3 8',
    'undecodable:NotAFrameError',
  ]);
});

test('by default a run has at most 1000 records and 512 KiB', async () => {
  const decodeRun = createRecordDecoder({ deserializerOf, tombstones: 'ignore' });
  const ends = async (words: string[]) => (await decodeRun('orders', words.map(record), 0)).next;
  assert.equal(await ends(Array(1_001).fill('1')), 1_000);
  assert.equal(await ends(['262144', '262144', '1']), 2);
});

test('the decoded keys of tombstones count as bytes of the run', async () => {
  const decodeRun = createRecordDecoder({
    deserializerOf,
    keys: deserializer,
    tombstones: 'delete',
    maxRunBytes: 100,
  });
  const keyed = (word: string, index: number) => ({
    ...record(null, index),
    key: Buffer.from(word),
  });
  assert.equal((await decodeRun('orders', ['60', '40', '1'].map(keyed), 0)).next, 2);
});
