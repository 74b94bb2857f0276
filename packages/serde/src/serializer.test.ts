import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createDeserializer,
  createSerializer,
  type DataFormat,
  type GlueHeader,
  peek,
  type RegisteredSchema,
  RegistryUnavailableError,
  topicName,
  topicValueName,
} from './index.ts';

const definition = readFileSync(new URL('../../../schemas/order.v1.avsc', import.meta.url), 'utf8');
const order = {
  order_id: '53263c42-81b3-4a53-8067-fcdb44fa5479',
  ordered_at: 1680745813045,
  user_id: 'dicxa',
  order_items: [{ product_id: 5947, quantity: 8 }],
};
const goldenBody =
  '4835333236336334322d383162332d346135332d383036372d666364623434666135343739ead08ec4ea610a646963786102f65c1000';
const schemaVersionId = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63';

// Keeps versions in memory and records the requests.
function memoryRegistry() {
  const versions = new Map<string, RegisteredSchema>();
  const asked: string[] = [];
  function add(id: string, text: string, name = 'n'): RegisteredSchema {
    const schema = { schemaVersionId: id, name, dataFormat: 'AVRO' as const, definition: text };
    versions.set(id, schema);
    return schema;
  }
  return {
    framing: 'glue' as const,
    add,
    asked,
    async schemaById(id: string) {
      asked.push(id);
      const schema = versions.get(id);
      if (!schema) throw new RegistryUnavailableError('no such version here');
      return schema;
    },
    async schemaByDefinition(name: string, _format: DataFormat, text: string, transport?: string) {
      asked.push(`${name} ${transport}`);
      for (const schema of versions.values()) {
        if (schema.definition === text && schema.name === name) return schema;
      }
      const id = `${schemaVersionId.slice(0, -4)}${String(versions.size).padStart(4, '0')}`;
      return add(id, text, name);
    },
  };
}

test('a getter that serializes another value leaves both frames intact', async () => {
  const registry = memoryRegistry();
  const schema =
    '{"type":"record","name":"E","fields":[{"name":"a","type":"string"},{"name":"b","type":"bytes"}]}';
  const serializer = createSerializer({ registry });
  await serializer.prepare('t', { schema });
  const inner = { a: 'inner '.repeat(9), b: Buffer.from('in') };
  let inside: Buffer | undefined;
  const outer = {
    a: 'outer '.repeat(9),
    get b() {
      inside = serializer.serializeSync('t', inner, { schema });
      return inside;
    },
  };
  const deserializer = createDeserializer({ registry });
  const frames = [outer, outer, inner].map((value) =>
    serializer.serializeSync('t', value, { schema }),
  );
  for (const [i, frame] of [inside, ...frames].entries()) {
    const { value } = await deserializer.deserialize(frame as Buffer);
    const { a, b } = value as typeof inner;
    const isOuter = i === 1 || i === 2;
    assert.equal(a, isOuter ? outer.a : inner.a);
    assert.deepEqual(b, isOuter ? inside : inner.b);
  }
});

test('S0-03 the reference order is the golden vector', async () => {
  const serializer = createSerializer({ registry: memoryRegistry() });
  const frame = await serializer.serialize('orders', order, { schema: definition });
  assert.equal(frame.subarray(18).toString('hex'), goldenBody);
});

test('S0-04 S4-07 the value is 03, 00, the 16 bytes of the version id, the payload', async () => {
  const registry = memoryRegistry();
  registry.add(schemaVersionId, definition);
  const serializer = createSerializer({ registry });
  const frame = await serializer.serialize('orders', order, { schemaVersionId });
  const id = schemaVersionId.replaceAll('-', '');
  assert.equal(frame.toString('hex'), `0300${id}${goldenBody}`);
  const read = await createDeserializer({ registry }).deserialize(frame);
  assert.deepEqual(read.value, order);
  assert.equal(read.schema, await registry.schemaById(schemaVersionId));
});

test('schemas are named after topic and part, or after the topic alone', async () => {
  for (const [schemaName, expected] of [
    [undefined, ['orders-value orders', 'orders-key orders']],
    [topicValueName, ['orders-value orders', 'orders-key orders']],
    [topicName, ['orders orders', 'orders orders']],
  ] as const) {
    const registry = memoryRegistry();
    const serializer = createSerializer({ registry, ...(schemaName && { schemaName }) });
    await serializer.prepare('orders', { schema: definition });
    await serializer.prepare('orders', { schema: '"string"', part: 'key' });
    assert.deepEqual(registry.asked, expected);
  }
});

test('the registry is asked once for each topic, part and schema, and then never', async () => {
  const registry = memoryRegistry();
  const serializer = createSerializer({ registry });
  const choices = [{ schema: '"string"' }, { schema: '"string"', part: 'key' as const }];
  for (const choice of choices) {
    assert.equal(serializer.serializeSync('a', 'x', choice), undefined);
    await serializer.prepare('a', choice);
    await serializer.prepare('a', choice);
    assert.ok(await serializer.serialize('a', 'x', choice));
    assert.ok(serializer.serializeSync('a', 'x', choice));
    assert.equal(serializer.serializeSync('b', 'x', choice), undefined);
  }
  assert.ok(serializer.serializeSync('a', 'x', { schema: '"string"' }));
  assert.deepEqual(registry.asked, ['a-value a', 'a-key a']);
});

test('a reader asks for a version once, and decodes without waiting from then on', async () => {
  const registry = memoryRegistry();
  const serializer = createSerializer({ registry });
  const frames: Buffer[] = [];
  for (const schema of ['"string"', '"bytes"', '{"type":"string"}']) {
    frames.push(
      await serializer.serialize(schema, schema === '"bytes"' ? Buffer.from('x') : 'x', { schema }),
    );
  }
  const reader = createDeserializer({ registry });
  registry.asked.length = 0;
  for (const frame of frames) {
    assert.equal(reader.deserializeSync(frame), undefined);
    await reader.deserialize(frame);
  }
  assert.equal(registry.asked.length, 3);
  for (const frame of [...frames, ...frames]) {
    const read = reader.deserializeSync(Uint8Array.from(frame));
    assert.equal(String(read?.value), 'x');
    assert.equal(read?.schema, reader.deserializeSync(frame)?.schema);
  }
  assert.equal(registry.asked.length, 3);
});

test('frames keep their bytes however many are written after them', async () => {
  const serializer = createSerializer({ registry: memoryRegistry() });
  const choice = { schema: '"string"' };
  await serializer.prepare('t', choice);
  const sizes = fc.oneof(fc.nat(200), fc.nat(20_000), fc.nat(200_000));
  fc.assert(
    fc.property(fc.array(sizes, { minLength: 1, maxLength: 200 }), (lengths) => {
      const frames = lengths.map((length, i) => {
        const text = String.fromCharCode(97 + (i % 26)).repeat(length);
        const frame = serializer.serializeSync('t', text, choice) as Buffer;
        return { frame, text };
      });
      for (const { frame, text } of frames) {
        assert.equal(frame.subarray(frame.length - text.length).toString(), text);
      }
    }),
    { numRuns: 50 },
  );
});

test('a rejected value leaves no bytes in the next frame', async () => {
  const serializer = createSerializer({ registry: memoryRegistry() });
  const choice = { schema: definition };
  const before = await serializer.serialize('t', order, choice);
  const copy = Buffer.from(before);
  const wrong = { ...order, order_items: [{ product_id: 1, quantity: 'many' }] };
  assert.throws(() => serializer.serializeSync('t', wrong, choice), {
    code: 'schema-mismatch',
    pointer: '/order_items/0/quantity',
  });
  assert.deepEqual(serializer.serializeSync('t', order, choice), copy);
  assert.deepEqual(before, copy);
});

test('zlib is used if the body becomes smaller, and both are read', async () => {
  const registry = memoryRegistry();
  const serializer = createSerializer({ registry, compression: 'zlib' });
  const reader = createDeserializer({ registry });
  for (const [text, byte] of [
    ['short', 0],
    ['long '.repeat(100), 5],
  ] as const) {
    const frame = await serializer.serialize('t', text, { schema: '"string"' });
    assert.equal(frame[1], byte);
    const { value, bodyBytes } = await reader.deserialize(frame);
    assert.equal(value, text);
    // An Avro string begins with its length.
    assert.equal(bodyBytes, text.length + (text.length < 64 ? 1 : 2));
  }
});

test('a registry that fails once is asked again', async () => {
  const registry = memoryRegistry();
  const serializer = createSerializer({ registry });
  const choice = { schemaVersionId };
  await assert.rejects(serializer.serialize('t', 'x', choice), { code: 'registry-unavailable' });
  registry.add(schemaVersionId, '"string"');
  assert.ok(await serializer.serialize('t', 'x', choice));
});

test('choices that differ in topic, part or schema keep their own versions, in any order', async () => {
  const serializer = createSerializer({ registry: memoryRegistry() });
  const choices = ['"string"', '{"type":"string","n":1}'].flatMap((schema) =>
    (['value', 'key'] as const).flatMap((part) =>
      ['a', 'b'].map((topic) => ({ topic, part, schema })),
    ),
  );
  const ids: (string | undefined)[] = [];
  for (const { topic, ...choice } of choices)
    ids.push((await serializer.prepare(topic, choice)).schemaVersionId);
  assert.equal(new Set(ids).size, choices.length);
  const written = ({ topic, ...choice }: (typeof choices)[number]) =>
    (peek(serializer.serializeSync(topic, 'x', choice) as Buffer) as GlueHeader).schemaVersionId;
  for (const [index, choice] of choices.entries())
    for (const [nextIndex, next] of choices.entries())
      assert.deepEqual([written(choice), written(next)], [ids[index], ids[nextIndex]]);
});
