import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { partitionFor } from '@order-stream/runtime';
import { topicValueName } from '@order-stream/serde';
import fc from 'fast-check';
import { orderKey } from '../../services/order-producer/src/order-encoder.ts';
import { resolveAvro } from './avro-type.ts';
import { asAvroJson, asValue, type Datum } from './datum.ts';
import { drawDatum } from './draw-datum.ts';
import { drawDefinition } from './draw-schema.ts';
import { bodyOf, fixturesOf } from './fixtures.ts';
import { ForeignError, type ForeignProcess } from './foreign-process.ts';
import { knownPythonFailures } from './known-python-failures.ts';
import { startPythonLibrary } from './python-library.ts';
import { asPython, type PythonValue } from './python-value.ts';
import { readAvroJson } from './read-avro-json.ts';
import { startRegistry } from './registry.ts';

let registry: Awaited<ReturnType<typeof startRegistry>>;
let python: ForeignProcess;
before(async () => {
  // The schema name that the Python library uses.
  registry = await startRegistry(topicValueName);
  python = await startPythonLibrary(registry.endpoint);
});
after(async () => {
  await python?.close();
  await registry?.close();
});

const rewritten = new Set(knownPythonFailures.rewrites.flatMap(({ fixtures }) => fixtures));

for (const fixture of fixturesOf('avro')) {
  const { id, schema, compression } = fixture;
  const ids = fixture.tags.includes('order-space') ? 'S0-04 S0-05' : 'S0-04';
  const datum = readAvroJson(resolveAvro(schema), fixture.value);
  const topic = id.replaceAll('^', '-');
  const body = bodyOf(Buffer.from(fixture.wire, 'base64'));

  test(`${ids} ${id}: Python reads what we wrote`, async () => {
    assert.equal(fixture.python.decodes, true);
    const ours = await registry.serialize(topic, schema, asValue(datum), compression);
    assert.deepEqual(await readByPython(topic, ours), asPython(datum, 'plain'));
    const again = await python.call<{ bytes: string }>({
      do: 'echo',
      topic,
      bytes: ours.toString('base64'),
    });
    const same = bodyOf(Buffer.from(again.bytes, 'base64')).equals(body);
    assert.equal(same, !rewritten.has(id), 'Python writes the body that it read');
    assert.equal(same, fixture.python.sameBody);
  });

  test(`${ids} ${id}: we read what Python wrote`, async () => {
    const theirs = await writtenByPython(topic, schema, datum);
    assert.deepEqual((await registry.deserialize(theirs)).value, asValue(datum));
    assert.deepEqual(theirs.subarray(18), body);
  });
}

const pairs = 250;
const seeds = { ours: 20_260_803, theirs: 20_260_804 };

test(`S0-04 Python reads ${pairs} random values of random schemas as we wrote them (seed ${seeds.ours})`, async (t) => {
  let next = 0;
  let failures = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const { schema, datum } = drawPair(g);
      const topic = `ours-${next++}`;
      const ours = await registry.serialize(topic, schema, asValue(datum));
      const known = knownPythonFailures.reads.find(({ applies }) => applies(datum));
      if (known) {
        failures++;
        await assert.rejects(readByPython(topic, ours), (error) => {
          assert.ok(error instanceof ForeignError);
          assert.match(error.message, known.error);
          return true;
        });
      } else {
        const read = await readByPython(topic, ours);
        assert.deepEqual(read, asPython(datum, 'plain'), about(schema, datum));
      }
    }),
    { seed: seeds.ours, numRuns: pairs },
  );
  t.diagnostic(`known failures of the Python library: ${failures} of ${pairs}`);
});

test(`S0-04 we read ${pairs} random values of random schemas as Python wrote them (seed ${seeds.theirs})`, async () => {
  let next = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const { schema, datum } = drawPair(g);
      const topic = `theirs-${next++}`;
      const theirs = await writtenByPython(topic, schema, datum);
      const { value } = await registry.deserialize(theirs);
      assert.deepEqual(value, asValue(datum), about(schema, datum));
      // The frames are equal too: both texts of the schema have the same version.
      const ours = await registry.serialize(topic, schema, asValue(datum));
      assert.deepEqual(ours, theirs, about(schema, datum));
    }),
    { seed: seeds.theirs, numRuns: pairs },
  );
});

test('S0-06 1 000 record keys have the same bytes and partitions as in Python', async () => {
  const orderIds = Array.from({ length: 1_000 }, (_, i) => uuidOf(i));
  const places = [];
  for (const partitions of [1, 6, 7, 50]) {
    const { keys, partitions: theirs } = await python.call<{
      keys: string[];
      partitions: bigint[];
    }>({
      do: 'place',
      order_ids: orderIds,
      partitions,
    });
    const ours = orderIds.map(orderKey);
    assert.deepEqual(
      ours.map((key) => key.toString('base64')),
      keys,
    );
    places.push(ours.map((key) => BigInt(partitionFor(key, partitions))));
    assert.deepEqual(places.at(-1), theirs);
  }
  assert.deepEqual(
    places.map((place) => new Set(place).size),
    [1, 6, 7, 50],
  );
});

function drawPair(g: fc.GeneratorValue): { schema: string; datum: Datum } {
  const schema = drawDefinition(g);
  return { schema, datum: drawDatum(g, resolveAvro(schema), { noNaN: false }) };
}

async function readByPython(topic: string, frame: Buffer): Promise<PythonValue> {
  const bytes = frame.toString('base64');
  const request = { do: 'deserialize', topic, bytes };
  return (await python.call<{ value: PythonValue }>(request)).value;
}

async function writtenByPython(topic: string, schema: string, datum: Datum): Promise<Buffer> {
  const value = asPython(datum, 'tagged');
  const { bytes } = await python.call<{ bytes: string }>({ do: 'serialize', topic, schema, value });
  return Buffer.from(bytes, 'base64');
}

function uuidOf(number: number): string {
  const hex = createHash('sha256').update(String(number)).digest('hex');
  return [8, 12, 16, 20, 32]
    .map((end, i, ends) => hex.slice(i === 0 ? 0 : ends[i - 1], end))
    .join('-');
}

function about(schema: string, datum: Datum): string {
  return `schema ${schema}\nvalue ${asAvroJson(datum)}`;
}
