import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { createDeserializer, createSerializer, type RegisteredSchema } from '../index.ts';
import { protobufFormat } from './index.ts';

interface Vector {
  id: string;
  schemaVersionId: string;
  compression: 'none' | 'zlib';
  schema: string;
  registeredSchema: string;
  message: string;
  messageIndex: number;
  value: string;
  canonicalValue: string;
  wire: string;
}

const url = new URL('../../vectors/glue-wire/protobuf.json', import.meta.url);
const vectors: Vector[] = JSON.parse(readFileSync(url, 'utf8')).cases;

for (const vector of vectors) {
  const wire = Buffer.from(vector.wire, 'base64');

  for (const definition of [vector.schema, vector.registeredSchema]) {
    const text = definition === vector.schema ? 'given' : 'registered';

    test(`S1-08 ${vector.id}: Java's bytes decode to the value with the ${text} definition`, async () => {
      const formats = [protobufFormat({ values: 'json' })];
      const registry = registryOf(vector, definition);
      const decoded = await createDeserializer({ registry, formats }).deserialize(wire);
      assert.deepEqual(decoded.value, JSON.parse(vector.canonicalValue));
    });

    test(`S1-08 ${vector.id}: the value encodes to Java's bytes with the ${text} definition`, async () => {
      const formats = [protobufFormat()];
      const registry = registryOf(vector, definition);
      const { compression, message } = vector;
      const serializer = createSerializer({ registry, formats, compression });
      const choice = { schema: definition, dataFormat: 'PROTOBUF', message } as const;
      const framed = await serializer.serialize('t', JSON.parse(vector.value), choice);
      assert.equal(bodyOf(framed)[0], vector.messageIndex);
      assert.deepEqual(bodyOf(framed), bodyOf(wire));
      if (compression === 'none') assert.deepEqual(framed, wire);

      // Plain values are written as the same bytes and the same message.
      const read = await createDeserializer({ registry, formats }).deserialize(framed);
      const { message: _, ...unnamed } = choice;
      const again = await createSerializer({ registry, formats }).serialize(
        't',
        read.value,
        unnamed,
      );
      assert.deepEqual(bodyOf(again), bodyOf(wire));
    });
  }
}

function registryOf({ schemaVersionId }: Vector, definition: string) {
  const schema: RegisteredSchema = { schemaVersionId, dataFormat: 'PROTOBUF', definition };
  return {
    framing: 'glue' as const,
    schemaById: async () => schema,
    schemaByDefinition: async () => schema,
  };
}

function bodyOf(frame: Buffer): Buffer {
  return frame[1] === 5 ? inflateSync(frame.subarray(18)) : frame.subarray(18);
}
