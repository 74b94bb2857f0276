import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { until } from '@order-stream/local-stack/until';
import { createDeserializer, createSerializer, peek } from '@order-stream/serde';
import {
  type ConfluentCompatibility,
  type ConfluentRegistryOptions,
  createConfluentRegistry,
} from '@order-stream/serde/confluent';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';
import { protobufFormat } from '@order-stream/serde/protobuf';
import { type Apicurio, type ApicurioRequest, startApicurio } from './apicurio.ts';

let apicurio: Apicurio;
before(async () => {
  apicurio = await startApicurio();
});
after(() => apicurio?.stop());

const schema = readFileSync(new URL('../../schemas/order.v1.avsc', import.meta.url), 'utf8');
const order = {
  order_id: '53263c42-81b3-4a53-8067-fcdb44fa5479',
  ordered_at: 1680745813045,
  user_id: 'dicxa',
  order_items: [{ product_id: 2n ** 60n + 1n, quantity: 8 }],
};

function definitionOf(...more: object[]): string {
  const fields = [{ name: 'id', type: 'string' }, ...more];
  return JSON.stringify({ type: 'record', name: 'Order', namespace: 'order.v1', fields });
}

/** The requests in the registry's log. Sends a request of its own and waits for it, so that the log is complete. */
async function requestsUntilNow(): Promise<ApicurioRequest[]> {
  const mark = `${served[0]}/subjects/${randomUUID()}/versions`;
  await fetch(`${apicurio.url}${mark}`);
  return await until('the registry has logged the request', () => {
    const requests = apicurio.requests();
    return requests.at(-1)?.path === mark && requests;
  });
}

/** The paths that Apicurio 3 serves. It no longer serves older paths. */
const served = ['/apis/ccompat/v7', '/apis/ccompat/v8'];

test('S2-01 Apicurio serves two paths of the API, and other paths give a clear error', async () => {
  const answers = ['v5', 'v6', 'v7', 'v8', 'v9'].map(async (version) => {
    const path = `/apis/ccompat/${version}`;
    const registry = createConfluentRegistry({ url: `${apicurio.url}${path}` });
    return registry.check().then(
      () => path,
      (error) => error.code,
    );
  });
  const wrong = 'registry-request';
  assert.deepEqual(await Promise.all(answers), [wrong, wrong, ...served, wrong]);
});

for (const basePath of served) {
  const registryOf = (options: Partial<ConfluentRegistryOptions> = {}) =>
    createConfluentRegistry({ url: `${apicurio.url}${basePath}`, ...options });
  const registering = (options: Partial<ConfluentRegistryOptions> = {}) =>
    registryOf({ autoRegistration: true, ...options });

  describe(basePath, () => {
    test('S2-01 S2-02 S2-03 a thousand records cause one registration and one fetch', async () => {
      const topic = `orders-${randomUUID()}`;
      const serializer = createSerializer({ registry: registering() });
      const deserializer = createDeserializer({ registry: registryOf() });
      const seenBefore = await requestsUntilNow();
      const thousand = Array.from({ length: 1000 });
      const frames = await Promise.all(
        thousand.map(() => serializer.serialize(topic, order, { schema })),
      );
      const read = await Promise.all(frames.map((frame) => deserializer.deserialize(frame)));
      for (const { value } of read) assert.deepEqual(value, order);

      const [frame] = frames as [Buffer];
      const header = peek(frame);
      assert.ok(header.frame === 'confluent');
      const expected = Buffer.alloc(5);
      expected.writeUInt32BE(header.schemaId, 1);
      assert.deepEqual(frame.subarray(0, 5), expected);

      const seen = (await requestsUntilNow()).slice(seenBefore.length);
      assert.deepEqual(
        seen.slice(0, -1).map(({ method, path, status }) => `${method} ${path} ${status}`),
        [
          `POST ${basePath}/subjects/${topic}-value 404`,
          `PUT ${basePath}/config/${topic}-value 200`,
          `POST ${basePath}/subjects/${topic}-value/versions 200`,
          `GET ${basePath}/schemas/ids/${header.schemaId} 200`,
        ],
      );
    });

    test('S2-01 a second writer and a reader find the schema that the first writer registered', async () => {
      const name = `second-${randomUUID()}`;
      const first = await registering().schemaByDefinition(name, 'AVRO', schema);
      const second = await registryOf().schemaByDefinition(name, 'AVRO', schema);
      assert.equal(second.schemaId, first.schemaId);
      assert.equal(second.versionNumber, 1);
      const { definition } = await registryOf().schemaById(String(first.schemaId));
      // Apicurio stores its own canonical text.
      assert.deepEqual(JSON.parse(definition), JSON.parse(schema));
      assert.equal((await registryOf().latestSchema(name)).versionNumber, 1);
      const { name: subject } = await registryOf().latestVersionOf(first, ['another', name]);
      assert.equal(subject, name);
    });

    test('S2-01 without auto-registration a new schema is rejected, and unknown names and ids are reported', async () => {
      const name = `absent-${randomUUID()}`;
      const registry = registryOf();
      const absent = { code: 'schema-not-registered', schemaName: name };
      await assert.rejects(registry.schemaByDefinition(name, 'AVRO', schema), absent);
      await assert.rejects(registry.latestSchema(name), absent);
      await assert.rejects(registry.schemaById('987654'), { code: 'unknown-schema' });
      const largeId = Buffer.from('00ffffffff00', 'hex');
      await assert.rejects(createDeserializer({ registry }).deserialize(largeId), {
        schemaVersionId: '4294967295',
      });
    });

    test('S2-01 a schema is created with the configured level, and the registry enforces the level', async () => {
      const added = { name: 'more', type: 'long' };
      const optional = { ...added, default: 0 };
      const outcomes: [ConfluentCompatibility, object, boolean][] = [
        ['BACKWARD', added, false],
        ['BACKWARD', optional, true],
        ['BACKWARD_ALL', added, false],
        ['FORWARD', added, true],
        ['FORWARD_ALL', added, true],
        ['FULL', added, false],
        ['FULL', optional, true],
        ['FULL_ALL', added, false],
        ['NONE', added, true],
      ];
      for (const [compatibility, field, accepted] of outcomes) {
        const name = `${compatibility}-${randomUUID()}`;
        const registry = registering({ compatibility });
        await registry.schemaByDefinition(name, 'AVRO', definitionOf());
        const next = registry.schemaByDefinition(name, 'AVRO', definitionOf(field));
        if (accepted) assert.ok((await next).schemaId);
        else
          await assert.rejects(next, { code: 'schema-refused', schemaName: name }, compatibility);
      }
    });

    test('S2-01 a malformed definition is rejected', async () => {
      const refusal = { code: 'schema-refused', retryable: false };
      const name = `malformed-${randomUUID()}`;
      const malformed = registering().schemaByDefinition(name, 'AVRO', '{"type":"nonsense"}');
      await assert.rejects(malformed, refusal);
    });

    test('S2-01 a schema with a reference is written and read with the referenced schema', async () => {
      const item = `item-${randomUUID()}`;
      const topic = `orders-${randomUUID()}`;
      const itemSchema = JSON.stringify({
        type: 'record',
        name: 'Item',
        namespace: 'order.v1',
        fields: [{ name: 'product_id', type: 'long' }],
      });
      await registering().schemaByDefinition(item, 'AVRO', itemSchema);
      const references = {
        [`${topic}-value`]: [{ name: 'order.v1.Item', subject: item, version: 1 }],
      };
      const definition = definitionOf({ name: 'item', type: 'order.v1.Item' });
      const serializer = createSerializer({ registry: registering({ references }) });
      const value = { id: 'a', item: { product_id: 5947 } };
      const frame = await serializer.serialize(topic, value, { schema: definition });
      const read = await createDeserializer({ registry: registryOf() }).deserialize(frame);
      assert.deepEqual(read.value, value);
      assert.equal(read.schema.definition, definition);
      assert.deepEqual(read.schema.references, [
        { name: 'order.v1.Item', subject: item, version: 1, definition: itemSchema },
      ]);
    });

    test('S2-01 names, version numbers and levels can be listed', async () => {
      const name = `listed-${randomUUID()}`;
      const registry = registering({ compatibility: 'FORWARD_ALL' });
      await registry.schemaByDefinition(name, 'AVRO', definitionOf());
      const more = definitionOf({ name: 'more', type: 'long' });
      await registry.registerVersion(name, more);
      assert.deepEqual(await registry.versionNumbers(name), [1, 2]);
      assert.equal((await registry.schemaVersion(name, 1)).versionNumber, 1);
      assert.deepEqual(
        JSON.parse((await registry.schemaVersion(name, 2)).definition),
        JSON.parse(more),
      );
      assert.equal(await registry.compatibilityOf(name), 'FORWARD_ALL');
      const names = [];
      for await (const one of registry.schemaNames({ pageSize: 3 })) names.push(one);
      assert.ok(names.includes(name) && names.length > 6);
      assert.equal(new Set(names).size, names.length);
      const absent = { code: 'schema-not-registered' };
      await assert.rejects(registry.versionNumbers('absent'), absent);
      await assert.rejects(registry.schemaVersion(name, 9), absent);
    });

    test('S2-01 JSON Schema and Protobuf records can be written and read', async () => {
      const formats = [jsonSchemaFormat(), protobufFormat()];
      const serializer = createSerializer({ registry: registering(), formats });
      const deserializer = createDeserializer({ registry: registryOf(), formats });
      const proto =
        'syntax = "proto3"; package p; message A { int64 n = 1; } message B { string s = 1; }';
      const jsonSchema = JSON.stringify({
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties: { n: { type: 'integer' } },
        required: ['n'],
      });
      for (const [choice, value] of [
        [{ schema: jsonSchema, dataFormat: 'JSON' }, { n: 2n ** 63n - 1n }],
        [{ schema: proto, dataFormat: 'PROTOBUF', message: 'p.A' }, { n: 2n ** 63n - 1n }],
        [{ schema: proto, dataFormat: 'PROTOBUF', message: 'p.B' }, { s: 'ů' }],
      ] as const) {
        const topic = `${choice.dataFormat}-${randomUUID()}`;
        const frame = await serializer.serialize(topic, value, choice);
        const read = await deserializer.deserialize(frame);
        assert.deepEqual({ ...(read.value as object) }, value, choice.dataFormat);
        assert.equal(read.schema.dataFormat, choice.dataFormat);
      }
    });

    test('S2-01 concurrent writers that register the same schema get the same id', async () => {
      const name = `race-${randomUUID()}`;
      const ids = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const { schemaId } = await registering().schemaByDefinition(name, 'AVRO', schema);
          return schemaId;
        }),
      );
      assert.equal(new Set(ids).size, 1);
    });
  });
}
