import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { inflateRaw, zstdDecompress } from 'node:zlib';
import { compileAvro } from '@order-stream/serde';
import avro from 'avsc';
import fc from 'fast-check';
import { type AvroCodec, avroCodecs, createAvroFormat } from './avro-file.ts';
import type { StorableDelivery } from './file-format.ts';
import { GrowingBytes } from './growing-bytes.ts';

const versionId = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63';
const order = {
  type: 'record',
  name: 'Order',
  namespace: 'order.v1',
  fields: [
    { name: 'order_id', type: 'string' },
    { name: 'quantity', type: ['null', 'long'], default: null },
  ],
};
const schema = { dataFormat: 'AVRO', definition: JSON.stringify(order), versionId } as const;

const scratch = Buffer.alloc(1024 * 1024);

/** A record as a producer wrote it, in a Glue frame. */
function delivery(
  value: unknown,
  writer: StorableDelivery['schema'] = schema,
  frame = true,
): StorableDelivery {
  const codec = compileAvro(writer.definition, { references: writer.references });
  const body = scratch.subarray(0, codec.encode(value, scratch, 0));
  const header = Buffer.from(`0300${versionId.replaceAll('-', '')}`, 'hex');
  return {
    record: { value: frame ? Buffer.concat([header, body]) : null } as never,
    value,
    schema: writer,
  };
}

function file(deliveries: readonly StorableDelivery[], codec: AvroCodec = 'null'): Buffer {
  const bytes = new GrowingBytes();
  const encoder = createAvroFormat(codec).begin(deliveries[0] as StorableDelivery);
  for (const one of deliveries) {
    assert.equal(encoder.accepts(one), true);
    encoder.append(one, bytes);
  }
  encoder.finish(bytes);
  assert.equal(encoder.pendingBytes(), 0);
  return bytes.drain();
}

/** Reads a container file by avsc's decoder, which shares no code with the encoder. */
async function read(bytes: Buffer) {
  let header: { meta: Record<string, Buffer> } | undefined;
  const decoder = new avro.streams.BlockDecoder({
    codecs: {
      null: (data: Buffer, done: (error: Error | null, data?: Buffer) => void) => done(null, data),
      deflate: inflateRaw,
      zstandard: zstdDecompress,
    } as never,
  });
  decoder.on('metadata', (_type, _codec, found) => {
    header = found as unknown as typeof header;
  });
  const values: unknown[] = [];
  for await (const value of Readable.from([bytes]).pipe(decoder)) values.push({ ...value });
  return { values, meta: header?.meta ?? {} };
}

for (const codec of avroCodecs)
  test(`S2-07 files with the codec ${codec} are read by another implementation, over several blocks`, async () => {
    const values = Array.from({ length: 3_000 }, (_, i) => ({
      order_id: `order ${i} ${'x'.repeat(60)}`,
      quantity: i % 3 === 0 ? null : i,
    }));
    const bytes = file(
      values.map((value) => delivery(value)),
      codec,
    );
    const { values: found, meta } = await read(bytes);
    assert.deepEqual(found, values);
    assert.equal(meta['avro.codec']?.toString(), codec);
    assert.deepEqual(JSON.parse(meta['avro.schema']?.toString() ?? ''), order);
    assert.ok(bytes.length < 300_000 || codec === 'null');
  });

test('S2-07 records are kept until a block of 64 KiB is full, and a file without records is a header', async () => {
  const one = delivery({ order_id: 'x'.repeat(1_000), quantity: null }, schema, false);
  const bytes = new GrowingBytes();
  const encoder = createAvroFormat('null').begin(one);
  encoder.append(one, bytes);
  const size = encoder.pendingBytes();
  const perBlock = Math.ceil((64 * 1024) / size);
  for (let records = 2; records <= 2 * perBlock; records += 1) {
    encoder.append(one, bytes);
    assert.equal(encoder.pendingBytes(), (records % perBlock) * size);
    assert.equal(
      bytes.length > Math.floor(records / perBlock) * perBlock * size,
      records >= perBlock,
    );
  }
  encoder.finish(bytes);
  const { values } = await read(bytes.drain());
  assert.equal(values.length, 2 * perBlock);

  createAvroFormat('null').begin(one).finish(bytes);
  const header = bytes.drain();
  assert.equal(header.indexOf(header.subarray(-16)), header.length - 16, 'one sync marker');
  const empty = await read(header);
  assert.deepEqual([empty.values, String(empty.meta['avro.codec'])], [[], 'null']);
});

test('S2-07 the bytes of a record are stored as they came, unless its value has another schema than its bytes', async () => {
  // Another value than that of the bytes shows which of them is stored.
  const value = { order_id: 'value', quantity: null };
  const changed = { ...delivery({ order_id: 'bytes', quantity: null }), value };
  assert.deepEqual((await read(file([changed]))).values, [{ order_id: 'bytes', quantity: null }]);
  for (const reader of ['b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c64', '7', undefined]) {
    const resolved = { ...changed, schema: { ...schema, versionId: reader } };
    assert.deepEqual((await read(file([resolved]))).values, [value]);
  }
});

test('a record without a frame of its schema version is encoded', async () => {
  const value = { order_id: 'x'.repeat(70_000), quantity: null };
  const short = { order_id: 'y', quantity: null };
  const deliveries = [value, short].map((one) => delivery(one, schema, false));
  assert.deepEqual((await read(file(deliveries))).values, [value, short]);
});

test('S2-07 the namespace `Order V1` and references become a schema that other libraries read', async () => {
  const item = JSON.stringify({
    type: 'record',
    name: 'Item',
    namespace: 'Order V1',
    fields: [{ name: 'n', type: 'int' }],
  });
  const writer = {
    dataFormat: 'AVRO',
    definition: JSON.stringify({
      type: 'record',
      name: 'Order',
      namespace: 'Order V1',
      compatibility: 'BACKWARD',
      fields: [{ name: 'item', type: 'Item' }],
    }),
    references: [{ name: 'Item', subject: 's', version: 1, definition: item }],
    versionId,
  } as const;
  const { values, meta } = await read(file([delivery({ item: { n: 5 } }, writer)]));
  assert.deepEqual(JSON.parse(JSON.stringify(values)), [{ item: { n: 5 } }]);
  const found = JSON.parse(meta['avro.schema']?.toString() ?? '');
  assert.equal(found.namespace, 'Order_x20_V1');
  assert.equal(found.fields[0].type.name, 'Item');
});

test('a file accepts records of its schema version alone', () => {
  const encoder = createAvroFormat('null').begin(delivery({ order_id: 'a', quantity: null }));
  const other = (more: object) =>
    encoder.accepts({ record: {} as never, value: {}, schema: { ...schema, ...more } });
  assert.equal(other({}), true);
  assert.equal(other({ versionId: 'other' }), false);
  assert.equal(other({ definition: '"string"' }), false);
  assert.equal(other({ dataFormat: 'JSON', definition: '{}', versionId: undefined }), false);
});

test('a value without an Avro schema cannot be stored', () => {
  const format = createAvroFormat('null');
  for (const dataFormat of ['JSON', 'PROTOBUF'] as const)
    assert.throws(
      () =>
        format.begin({ record: {} as never, value: {}, schema: { dataFormat, definition: '' } }),
      { code: 'unstorable-value', message: new RegExp(dataFormat) },
    );
});

test('a value that does not fit leaves the file as it was', async () => {
  const good = delivery({ order_id: 'a', quantity: null }, schema, false);
  const bytes = new GrowingBytes();
  const encoder = createAvroFormat('deflate').begin(good);
  encoder.append(good, bytes);
  assert.throws(() => encoder.append({ ...good, value: { order_id: 5 } }, bytes));
  encoder.append(good, bytes);
  encoder.finish(bytes);
  assert.equal((await read(bytes.drain())).values.length, 2);
});

test('S2-07 blocks of any sizes are read, whatever the values', async () => {
  const value = fc.record({
    order_id: fc.string({ maxLength: 20_000, unit: 'grapheme' }),
    quantity: fc.constantFrom(null, 7),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { minLength: 1, maxLength: 30 }),
      fc.constantFrom(...avroCodecs),
      fc.boolean(),
      async (values, codec, isFramed) => {
        const bytes = file(
          values.map((one) => delivery(one, schema, isFramed)),
          codec,
        );
        assert.deepEqual(
          (await read(bytes)).values,
          values.map((one) => ({ ...one })),
        );
      },
    ),
    { numRuns: 40 },
  );
});
