import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createDeserializer, UndecodableError, UnknownSchemaError } from '../index.ts';

interface DamagedCase {
  id: string;
  from: string | null;
  schema?: string;
  schemaVersionId?: string;
  wire: string;
}

const cases: DamagedCase[] = casesOf('damaged.json');
const whole: Required<DamagedCase>[] = casesOf('avro.json');

function casesOf(file: string) {
  const url = new URL(`../../vectors/glue-wire/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).cases;
}

function deserializerOf({ schema = '"null"', schemaVersionId }: Partial<DamagedCase>) {
  return createDeserializer({
    registry: {
      framing: 'glue',
      async schemaById(id) {
        if (id !== schemaVersionId) throw new UnknownSchemaError(id);
        return { schemaVersionId: id, dataFormat: 'AVRO', definition: schema };
      },
      schemaByDefinition: () => assert.fail('a reader never asks this'),
    },
  });
}

const codes: Record<string, string> = {
  empty: 'not-a-frame',
  'header-version-2': 'not-a-frame',
  'confluent-magic': 'not-a-frame',
  'unknown-schema-version': 'unknown-schema',
};

for (const damaged of cases) {
  const code = codes[damaged.id] ?? 'damaged-frame';
  test(`${damaged.id} is rejected as ${code}`, async () => {
    const deserializer = deserializerOf(damaged);
    const bytes = Buffer.from(damaged.wire, 'base64');
    await assert.rejects(deserializer.deserialize(bytes), { code, retryable: false });
    const origin = whole.find(({ id }) => id === damaged.from);
    if (!origin || code !== 'damaged-frame') return;
    // The synchronous path gives the same result once the schema is known.
    await deserializer.deserialize(Buffer.from(origin.wire, 'base64'));
    assert.throws(() => deserializer.deserializeSync(bytes), { code });
  });
}

test('a record cut at any byte is rejected', async () => {
  for (const vector of whole) {
    const deserializer = deserializerOf(vector);
    const bytes = Buffer.from(vector.wire, 'base64');
    await deserializer.deserialize(bytes);
    for (let length = 0; length < bytes.length; length++) {
      const cut = () => deserializer.deserializeSync(bytes.subarray(0, length));
      assert.throws(cut, UndecodableError, `${vector.id} cut at ${length}`);
    }
  }
});

test('a record followed by further bytes is rejected', async () => {
  for (const vector of whole) {
    const bytes = Buffer.concat([Buffer.from(vector.wire, 'base64'), Buffer.alloc(1)]);
    await assert.rejects(deserializerOf(vector).deserialize(bytes), { damage: 'trailing-bytes' });
  }
});

test('the error names the schema version id of the frame', async () => {
  const vector = whole[0] as Required<DamagedCase>;
  const bytes = Buffer.from(vector.wire, 'base64').subarray(0, -1);
  const { schemaVersionId } = vector;
  await assert.rejects(deserializerOf(vector).deserialize(bytes), { schemaVersionId });
});
