import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  avroCodec,
  avroFormat,
  createDeserializer,
  createSerializer,
  type DataFormat,
  peek,
  type RegisteredSchema,
  type SchemaChoice,
  type SchemaFormat,
} from './index.ts';
import { jsonSchemaFormat } from './json-schema/index.ts';

const minuteMs = 60_000;

/** Assigns ids to definitions; every change of `generation` assigns new ones. */
function registry() {
  const versions = new Map<number, RegisteredSchema>();
  const state = { generation: 0, down: false, asked: 0, versions };
  async function answer<T>(schema: T | undefined): Promise<T> {
    state.asked += 1;
    if (state.down || schema === undefined) throw new Error('no answer');
    return schema;
  }
  return Object.assign(state, {
    framing: 'confluent' as const,
    schemaById: (id: string) => answer(versions.get(Number(id))),
    schemaByDefinition(_name: string, dataFormat: 'AVRO', definition: string) {
      const name = `${state.generation} ${definition}`;
      const found = [...versions.values()].find((schema) => schema.name === name);
      const schema = found ?? { schemaId: versions.size + 1, name, dataFormat, definition };
      versions.set(schema.schemaId as number, schema);
      return answer(schema);
    },
  }) as never as typeof state & Parameters<typeof createSerializer>[0]['registry'];
}

const choice = { schema: '"string"' };
const idIn = (frame: Buffer | undefined) => frame && (peek(frame) as { schemaId: number }).schemaId;

test('a writer asks once a minute, in the background, whether its definition has a new version', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const source = registry();
  const serializer = createSerializer({ registry: source });
  const write = () => {
    const schema = serializer.schemaSync('t', choice);
    const id = idIn(serializer.serializeSync('t', 'x', choice));
    assert.equal(
      schema?.schemaId,
      id,
      'schemaSync names the schema that serializeSync writes with',
    );
    return id;
  };
  assert.equal(serializer.schemaSync('t', choice), undefined);
  await serializer.prepare('t', choice);
  for (let i = 0; i < 100; i++) assert.equal(write(), 1);
  assert.equal(source.asked, 1);

  source.generation += 1;
  context.mock.timers.tick(minuteMs);
  assert.equal(write(), 1);
  await turn();
  assert.equal(write(), 2);
  assert.equal(source.asked, 2);

  source.down = true;
  for (let i = 0; i < 5; i++) {
    context.mock.timers.tick(minuteMs);
    assert.equal(write(), 2);
    await turn();
  }
  assert.equal(source.asked, 7);
  assert.equal(write(), 2);
});

test('choices that differ in one ingredient have a writer each, also in turn', async () => {
  const asked: string[] = [];
  const registry = {
    framing: 'confluent' as const,
    schemaById: async (id: string) => answer('AVRO', `"int"`, `id ${id}`),
    schemaByDefinition: async (name: string, dataFormat: DataFormat, definition: string) =>
      answer(dataFormat, definition, `${name} ${dataFormat}`),
  };
  function answer(dataFormat: DataFormat, definition: string, question: string): RegisteredSchema {
    asked.push(question);
    return { schemaId: asked.length, dataFormat, definition };
  }
  const formats = [avroFormat(), jsonSchemaFormat()];
  const serializer = createSerializer({ registry, formats });
  const schema = '{"type":"integer"}';
  const text = '"int"';
  const typed = avroCodec<number>(text);
  const choices = [
    { schema, dataFormat: 'JSON' },
    { schema: text },
    { schema: text, part: 'key' },
    { schemaVersionId: text },
    { schema: typed },
  ] as SchemaChoice[];
  const ids = [];
  for (const choice of choices) ids.push(idIn(await serializer.serialize('t', 5, choice)));
  assert.deepEqual(ids, [1, 2, 3, 4, 5]);
  assert.deepEqual(asked, [
    't-value JSON',
    't-value AVRO',
    't-key AVRO',
    'id "int"',
    't-value AVRO',
  ]);
  for (const choice of [...choices.toReversed(), ...choices.flatMap((one) => [one, one])])
    assert.equal(
      idIn(serializer.serializeSync('t', 5, choice)),
      ids[choices.indexOf(choice)],
      JSON.stringify(choice),
    );
  // The default of a member is the same ingredient.
  const same = { schema: text, part: 'value', dataFormat: 'AVRO' } as const;
  assert.equal(idIn(serializer.serializeSync('t', 5, same)), 2);
});

test('a definition that was written as Avro is written as JSON when the data format says so', async () => {
  const source = registry();
  const definition = '{"type":"string"}';
  const versions: Record<string, number> = { AVRO: 1, JSON: 2 };
  const serializer = createSerializer({
    formats: [avroFormat(), jsonSchemaFormat()],
    registry: {
      ...source,
      schemaByDefinition: async (_name: string, dataFormat: DataFormat) => ({
        ...{ schemaId: versions[dataFormat] as number, dataFormat, definition },
      }),
    },
  });
  for (const _ of [1, 2]) {
    const avro = await serializer.serialize('t', 'hi', { schema: definition });
    assert.deepEqual(avro, Buffer.from([0, 0, 0, 0, 1, 4, 0x68, 0x69]));
    const json = { schema: definition, dataFormat: 'JSON' } as const;
    assert.deepEqual(
      (await serializer.serialize('t', 'hi', json)).subarray(5),
      Buffer.from('"hi"'),
    );
    assert.deepEqual(serializer.serializeSync('t', 'hi', json)?.subarray(5), Buffer.from('"hi"'));
  }
});

test('a choice that is changed while its version is looked up does not change the writer', async () => {
  const source = registry();
  const serializer = createSerializer({ registry: source });
  const changed: { schema: string } = { schema: '"string"' };
  const prepared = serializer.prepare('t', changed);
  changed.schema = '"int"';
  assert.equal((await prepared).definition, '"string"');
  assert.equal(serializer.schemaSync('t', { schema: '"string"' })?.definition, '"string"');
  assert.equal(serializer.schemaSync('t', { schema: '"int"' }), undefined);
});

test('two topics in turn ask once a minute each', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const source = registry();
  const serializer = createSerializer({ registry: source });
  for (const topic of ['t', 'u']) await serializer.prepare(topic, choice);
  context.mock.timers.tick(minuteMs);
  for (let i = 0; i < 10; i++) {
    for (const topic of ['t', 'u']) assert.ok(serializer.serializeSync(topic, 'x', choice));
    await turn();
  }
  assert.equal(source.asked, 4);
});

test('a topic that is first written later does not make the others ask more often', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const source = registry();
  const serializer = createSerializer({ registry: source });
  await serializer.prepare('t', choice);
  context.mock.timers.tick(minuteMs / 2);
  await serializer.prepare('u', choice);
  context.mock.timers.tick(minuteMs / 2);
  for (let halves = 0; halves < 2; halves += 1) {
    for (const topic of ['t', 'u']) serializer.serializeSync(topic, 'x', choice);
    await turn();
    assert.equal(source.asked, 4);
    context.mock.timers.tick(minuteMs / 2);
  }
});

test('a version that is still the same is not compiled again', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const avro = avroFormat();
  let compiled = 0;
  const compile: SchemaFormat['compile'] = (...args) => {
    compiled += 1;
    return avro.compile(...args);
  };
  const source = registry();
  const serializer = createSerializer({ registry: source, formats: [{ ...avro, compile }] });
  await serializer.prepare('t', choice);
  for (let minutes = 0; minutes < 3; minutes += 1) {
    context.mock.timers.tick(minuteMs);
    assert.ok(serializer.serializeSync('t', 'x', choice));
    await turn();
  }
  assert.deepEqual([source.asked, compiled], [4, 1]);
});

test('a serializer that is not used asks nothing', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const source = registry();
  await createSerializer({ registry: source }).prepare('t', choice);
  for (let i = 0; i < 10; i++) {
    context.mock.timers.tick(minuteMs);
    await turn();
  }
  assert.equal(source.asked, 1);
});

test('of 10 000 schemas no more than the limit stay compiled, on either side', async () => {
  const source = registry();
  const cacheSize = 100;
  const serializer = createSerializer({ registry: source, cacheSize });
  const deserializer = createDeserializer({ registry: source, cacheSize });
  const definitions = Array.from({ length: 10_000 }, (_, i) => `{"type":"string","n":${i}}`);
  const frames: Buffer[] = [];
  // Directly into the registry, because a lookup by definition of each takes long.
  for (const [i, definition] of definitions.entries()) {
    const schemaId = i + 1;
    source.versions.set(schemaId, { schemaId, dataFormat: 'AVRO', definition });
    const byId = { schemaVersionId: String(schemaId) };
    const frame = await serializer.serialize('t', 'x', byId);
    await deserializer.deserialize(frame);
    frames.push(frame);
  }
  const written = definitions.filter((_, i) =>
    serializer.serializeSync('t', 'x', { schemaVersionId: String(i + 1) }),
  );
  const read = frames.filter((frame) => deserializer.deserializeSync(frame));
  for (const { length } of [written, read])
    assert.ok(length > 0 && length <= cacheSize, `${length}`);
  assert.equal(read.at(-1), frames.at(-1));
});
