import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseExactJson } from '@order-stream/local-stack/parse-exact-json';
import { printExactJson, topicValueName } from '@order-stream/serde';
import fc from 'fast-check';
import { drawJsonPair } from './draw-json.ts';
import { bodyOf, fixturesOf } from './fixtures.ts';
import { ForeignError, type ForeignProcess } from './foreign-process.ts';
import { exactInPythonJson, knownPythonFailures } from './known-python-failures.ts';
import { startPythonLibrary } from './python-library.ts';
import { startRegistry } from './registry.ts';

let registry: Awaited<ReturnType<typeof startRegistry>>;
let python: ForeignProcess;
before(async () => {
  registry = await startRegistry(topicValueName);
  python = await startPythonLibrary(registry.endpoint);
});
after(async () => {
  await python?.close();
  await registry?.close();
});

const json = { dataFormat: 'JSON' } as const;
const rounded = new Set(knownPythonFailures.roundsJson.flatMap(({ fixtures }) => fixtures));

for (const fixture of fixturesOf('json')) {
  const { id, schema, compression } = fixture;
  const value = parseExactJson(fixture.value);

  test(`S0-04 ${id}: Python reads what we wrote`, async () => {
    assert.equal(fixture.python.decodes, true);
    const ours = await registry.serialize(id, schema, value, compression, json);
    const read = await readByPython(id, ours);
    if (rounded.has(id)) assert.notDeepEqual(read, value);
    else assert.deepEqual(read, value);
  });

  test(`S0-04 ${id}: we read what Python wrote`, async () => {
    const written = writtenByPython(id, schema, fixture.value);
    if (rounded.has(id)) {
      await assert.rejects(written, ForeignError);
      return;
    }
    const theirs = await written;
    assert.deepEqual((await registry.deserialize(theirs)).value, value);
    const body = bodyOf(Buffer.from(fixture.wire, 'base64'));
    assert.equal(bodyOf(theirs).equals(body), fixture.python.sameBody);
  });
}

for (const { id, schema, value } of fixturesOf('invalid')) {
  test(`S0-04 ${id}: Python and this project reject the value`, async () => {
    await assert.rejects(writtenByPython(id, schema, value), ForeignError);
    await assert.rejects(registry.serialize(id, schema, parseExactJson(value), 'none', json));
  });
}

const pairs = 200;
const seed = 20_261_124;

test(`S0-04 ${pairs} random JSON values of random schemas are read as Python wrote them, and Python reads what we wrote (seed ${seed})`, async () => {
  let next = 0;
  const property = fc.asyncProperty(fc.gen(), async (g) => {
    const { schema, value } = drawJsonPair(g, exactInPythonJson);
    const topic = `drawn-${next++}`;
    const theirs = await writtenByPython(topic, schema, printExactJson(value));
    assert.deepEqual((await registry.deserialize(theirs)).value, value, about(schema, value));
    const compression = next % 2 === 0 ? 'none' : 'zlib';
    const ours = await registry.serialize(topic, schema, value, compression, json);
    // Both texts of the schema have the same version.
    assert.deepEqual(ours.subarray(2, 18), theirs.subarray(2, 18), about(schema, value));
    assert.deepEqual(await readByPython(topic, ours), value, about(schema, value));
  });
  await fc.assert(property, { seed, numRuns: pairs, endOnFailure: true });
});

async function readByPython(topic: string, frame: Buffer): Promise<unknown> {
  const bytes = frame.toString('base64');
  const request = { do: 'deserialize_json', topic, bytes };
  return parseExactJson((await python.call<{ value: string }>(request)).value);
}

async function writtenByPython(topic: string, schema: string, value: string): Promise<Buffer> {
  const request = { do: 'serialize_json', topic, schema, value };
  const { bytes } = await python.call<{ bytes: string }>(request);
  return Buffer.from(bytes, 'base64');
}

function about(schema: string, value: unknown): string {
  return `schema ${schema}\nvalue ${printExactJson(value)}`;
}
