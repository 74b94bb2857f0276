import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { topicName } from '@order-stream/serde';
import fc from 'fast-check';
import { type AvroType, resolveAvro } from './avro-type.ts';
import { asAvroJson, asValue, type Datum } from './datum.ts';
import { drawDatum } from './draw-datum.ts';
import { drawDefinition } from './draw-schema.ts';
import { bodyOf, fixturesOf } from './fixtures.ts';
import type { ForeignProcess } from './foreign-process.ts';
import { startJavaLibrary } from './java-library.ts';
import { readAvroJson } from './read-avro-json.ts';
import { startRegistry } from './registry.ts';

let registry: Awaited<ReturnType<typeof startRegistry>>;
let java: ForeignProcess;
before(async () => {
  // The schema name that the Java library uses.
  registry = await startRegistry(topicName);
  java = await startJavaLibrary(registry.endpoint);
});
after(async () => {
  await java?.close();
  await registry?.close();
});

for (const fixture of fixturesOf('avro')) {
  const { id, schema, compression } = fixture;
  const type = resolveAvro(schema);
  const datum = readAvroJson(type, fixture.value);
  const topic = id.replaceAll('^', '-');

  test(`S0-04 S1-08 ${id}: Java reads what we wrote`, async () => {
    const ours = await registry.serialize(topic, schema, asValue(datum), compression);
    assert.deepEqual(bodyOf(ours), bodyOf(Buffer.from(fixture.wire, 'base64')));
    assert.deepEqual(await readByJava(topic, type, ours), datum);
  });

  test(`S0-04 S1-08 ${id}: we read what Java wrote`, async () => {
    const { bytes } = await java.call<{ bytes: string }>({
      do: 'serialize',
      topic,
      schema,
      compression,
      value: fixture.value,
    });
    const theirs = Buffer.from(bytes, 'base64');
    assert.deepEqual(theirs[1], compression === 'zlib' ? 5 : 0);
    assert.deepEqual(bodyOf(theirs), bodyOf(Buffer.from(fixture.wire, 'base64')));
    assert.deepEqual((await registry.deserialize(theirs)).value, asValue(datum));
  });
}

const pairs = 250;
const seeds = { ours: 20_260_801, theirs: 20_260_802 };

test(`S1-08 Java reads ${pairs} random values of random schemas as we wrote them (seed ${seeds.ours})`, async () => {
  let next = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const { schema, type } = drawSchema(g);
      const datum = drawDatum(g, type, { noNaN: false });
      const topic = `ours-${next++}`;
      const ours = await registry.serialize(topic, schema, asValue(datum));
      assert.deepEqual(await readByJava(topic, type, ours), datum, about(schema, datum));
    }),
    { seed: seeds.ours, numRuns: pairs },
  );
});

test(`S1-08 we read ${pairs} random values of random schemas as Java wrote them, and write the same bytes (seed ${seeds.theirs})`, async () => {
  let next = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const { schema, type } = drawSchema(g);
      const datum = drawDatum(g, type, { noNaN: true });
      const topic = `theirs-${next++}`;
      const value = asAvroJson(datum);
      const { bytes } = await java.call<{ bytes: string }>({
        do: 'serialize',
        topic,
        schema,
        compression: 'none',
        value,
      });
      const theirs = Buffer.from(bytes, 'base64');
      const read = await registry.deserialize(theirs);
      assert.deepEqual(read.value, asValue(datum), about(schema, datum));
      // The frames are equal too: both texts of the schema have the same version.
      const ours = await registry.serialize(topic, schema, asValue(datum));
      assert.deepEqual(ours, theirs, about(schema, datum));
    }),
    { seed: seeds.theirs, numRuns: pairs },
  );
});

test('S1-08 NaN, the infinities and minus zero pass through Java unchanged', async () => {
  const fields = ['a', 'b', 'c', 'd'].flatMap((name) => [
    { name: `${name}32`, type: 'float' },
    { name, type: 'double' },
  ]);
  const schema = JSON.stringify({ type: 'record', name: 'Edges', fields });
  const edges = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
  const value = Object.fromEntries(fields.map(({ name }, i) => [name, edges[i >> 1]]));
  const ours = await registry.serialize('edges', schema, value);
  const { bytes } = await java.call<{ bytes: string }>({
    do: 'echo',
    topic: 'edges',
    bytes: ours.toString('base64'),
    compression: 'none',
  });
  const theirs = Buffer.from(bytes, 'base64');
  assert.deepEqual(theirs, ours);
  assert.deepEqual((await registry.deserialize(theirs)).value, value);
});

function drawSchema(g: fc.GeneratorValue): { schema: string; type: AvroType } {
  const schema = drawDefinition(g);
  return { schema, type: resolveAvro(schema) };
}

async function readByJava(topic: string, type: AvroType, frame: Buffer): Promise<Datum> {
  const { value } = await java.call<{ value: string }>({
    do: 'deserialize',
    topic,
    bytes: frame.toString('base64'),
  });
  const answer: AvroType = {
    type: 'record',
    name: 'Answer',
    fields: [
      { name: 'value', type },
      { name: 'end', type: { type: 'int' } },
    ],
  };
  const read = readAvroJson(answer, value) as Datum & { type: 'record' };
  return (read.fields[0] as [string, Datum])[1];
}

function about(schema: string, datum: Datum): string {
  return `schema ${schema}\nvalue ${asAvroJson(datum)}`;
}
