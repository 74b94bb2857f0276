import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { compileAvro } from '../avro/avro.ts';
import { createDeserializer } from '../deserializer.ts';
import { createBodyReader } from './frame-body.ts';
import { glueHeader } from './glue-frame.ts';

const id = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63';
const other = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c64';
const body = Buffer.from([1, 2, 3, 4]);

test('the body of a Glue frame is returned, inflated if it is compressed', () => {
  const read = createBodyReader(id);
  assert.deepEqual(read(Buffer.concat([glueHeader(id, 'none'), body])), body);
  assert.deepEqual(read(Buffer.concat([glueHeader(id, 'none')])), Buffer.alloc(0));
  const compressed = Buffer.concat([glueHeader(id, 'zlib'), deflateSync(body)]);
  assert.deepEqual(Buffer.from(read(compressed) as Buffer), body);
});

test('bytes that were not written with the schema version have no body', () => {
  const read = createBodyReader(id);
  assert.equal(read(Buffer.concat([glueHeader(other, 'none'), body])), undefined);
  assert.equal(read(glueHeader(id, 'none').subarray(0, 17)), undefined);
  assert.equal(read(Buffer.from('{}')), undefined);
  assert.equal(read(Buffer.from([0, 0, 0, 0, 7, 1])), undefined);
});

test('the body of a Confluent frame is returned for its id', () => {
  const read = createBodyReader('258');
  assert.deepEqual(read(Buffer.from([0, 0, 0, 1, 2, 9])), Buffer.from([9]));
  assert.equal(read(Buffer.from([0, 0, 0, 1, 3, 9])), undefined);
  assert.equal(read(Buffer.from([5, 0, 0, 1, 2, 9])), undefined);
});

/** A frame with a body of this size. Not compressed too well, which would be another damage. */
function compressedFrame(bodyBytes: number, beginning: Buffer): Buffer {
  const body = Buffer.concat([beginning, randomBytes(1024 * 1024)], bodyBytes);
  return Buffer.concat([glueHeader(id, 'zlib'), deflateSync(body, { level: 1 })]);
}

test('bodies inflate to at most 32 MiB unless told otherwise, for readers and for the deserializer', async () => {
  const limit = 32 * 1024 * 1024;
  const tooFar = { code: 'damaged-frame', damage: 'inflates-too-far' };
  const registry = {
    framing: 'glue',
    schemaById: async (schemaVersionId: string) =>
      ({ schemaVersionId, dataFormat: 'AVRO', definition: '"bytes"' }) as const,
    schemaByDefinition: () => assert.fail('a reader never asks this'),
  } as const;
  /** The length with which the Avro type `bytes` begins. */
  const lengthOf = (length: number) => {
    const target = Buffer.alloc(10);
    return target.subarray(0, compileAvro('"long"').encode(length, target, 0));
  };
  // The length takes 4 bytes.
  const largest = compressedFrame(limit, lengthOf(limit - 4));
  const beyond = compressedFrame(limit + 1, lengthOf(limit - 3));
  const read = createBodyReader(id);
  assert.equal(read(largest)?.length, limit);
  assert.throws(() => read(beyond), tooFar);
  const { value } = await createDeserializer({ registry }).deserialize(largest);
  assert.equal((value as Buffer).length, limit - 4);
  const unlimited = createDeserializer({ registry, maxInflatedBytes: Infinity });
  assert.equal(((await unlimited.deserialize(beyond)).value as Buffer).length, limit - 3);
  await assert.rejects(createDeserializer({ registry }).deserialize(beyond), tooFar);

  const small = compressedFrame(100, lengthOf(98));
  assert.throws(() => createBodyReader(id, 99)(small), tooFar);
  await assert.rejects(
    createDeserializer({ registry, maxInflatedBytes: 99 }).deserialize(small),
    tooFar,
  );
});
