import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseExactJson } from '@order-stream/local-stack/parse-exact-json';
import {
  type Compression,
  type DataFormat,
  printExactJson,
  SchemaMismatchError,
  topicName,
} from '@order-stream/serde';
import { compileJsonSchema } from '@order-stream/serde/json-schema';
import fc from 'fast-check';
import { anySchema, anyValue } from './any-json.ts';
import { drawJsonPair } from './draw-json.ts';
import { drawProto } from './draw-proto.ts';
import { bodyOf, fixturesOf } from './fixtures.ts';
import { ForeignError, type ForeignProcess } from './foreign-process.ts';
import { startJavaLibrary } from './java-library.ts';
import { startRegistry } from './registry.ts';

let registry: Awaited<ReturnType<typeof startRegistry>>;
let java: ForeignProcess;
before(async () => {
  registry = await startRegistry(topicName);
  java = await startJavaLibrary(registry.endpoint);
});
after(async () => {
  await java?.close();
  await registry?.close();
});

for (const { id, schema, compression, value, wire } of fixturesOf('json')) {
  const topic = id;
  const expected = parseExactJson(value);

  test(`S1-08 ${id}: Java reads what we wrote`, async () => {
    const ours = await registry.serialize(topic, schema, expected, compression, json);
    assert.deepEqual(parseExactJson(await readByJava(topic, ours)), expected);
  });

  test(`S1-08 ${id}: we read what Java wrote`, async () => {
    const theirs = await writtenByJava({ topic, schema, value, compression, format: 'JSON' });
    assert.deepEqual(bodyOf(theirs), bodyOf(Buffer.from(wire, 'base64')));
    assert.deepEqual((await registry.deserialize(theirs)).value, expected);
  });
}

for (const { id, schema, value } of fixturesOf('invalid')) {
  test(`S1-08 ${id}: Java and this project reject the value`, async () => {
    const request = { topic: id, schema, value, compression: 'none', format: 'JSON' } as const;
    await assert.rejects(writtenByJava(request), ForeignError);
    // glue-local rejects a definition that refers to another document.
    await assert.rejects(registry.serialize(id, schema, parseExactJson(value), 'none', json), {
      code: id.includes('remote-ref') ? 'schema-refused' : 'schema-mismatch',
    });
  });
}

for (const { id, schema, compression, value, canonicalValue, wire, message } of fixturesOf(
  'protobuf',
)) {
  const topic = id;

  test(`S1-08 ${id}: Java reads what we wrote`, async () => {
    const ours = await registry.serialize(topic, schema, JSON.parse(value), compression, {
      dataFormat: 'PROTOBUF',
      message,
    });
    assert.deepEqual(bodyOf(ours), bodyOf(Buffer.from(wire, 'base64')));
    assert.deepEqual(JSON.parse(await readByJava(topic, ours)), JSON.parse(canonicalValue));
  });

  test(`S1-08 ${id}: we read what Java wrote`, async () => {
    const request = { topic, schema, value, compression, format: 'PROTOBUF', message } as const;
    const theirs = await writtenByJava(request);
    assert.deepEqual(bodyOf(theirs), bodyOf(Buffer.from(wire, 'base64')));
    assert.deepEqual((await registry.deserialize(theirs)).value, JSON.parse(canonicalValue));
  });
}

const pairs = 200;
const seeds = { json: 20_261_121, verdicts: 20_261_122, proto: 20_261_123 };
const limits = { min: -(2n ** 80n), max: 2n ** 80n };

test(`S1-08 ${pairs} random JSON values of random schemas are read as Java wrote them, and Java reads what we wrote (seed ${seeds.json})`, async () => {
  await eachRun(seeds.json, pairs, async (g, topic, compression) => {
    const { schema, value } = drawJsonPair(g, limits);
    const text = printExactJson(value);
    const theirs = await writtenByJava({ topic, schema, value: text, compression, format: 'JSON' });
    assert.deepEqual((await registry.deserialize(theirs)).value, value, about(schema, value));
    const ours = await registry.serialize(topic, schema, value, compression, json);
    // Both texts of the schema have the same version.
    assert.deepEqual(ours.subarray(2, 18), theirs.subarray(2, 18), about(schema, value));
    assert.deepEqual(parseExactJson(await readByJava(topic, ours)), value, about(schema, value));
  });
});

const verdicts = 1_000;

test(`S1-08 Java and this project accept and reject the same of ${verdicts} random values with random JSON Schemas (seed ${seeds.verdicts})`, async (t) => {
  const ours = Buffer.alloc(10_000);
  let accepted = 0;
  const drafts = fc.constantFrom(undefined, 4, 6, 7);
  const property = fc.asyncProperty(drafts, anySchema, anyValue, async (draft, schema, value) => {
    const $schema = draft && { $schema: `http://json-schema.org/draft-0${draft}/schema#` };
    const request = {
      schema: printExactJson({ ...$schema, ...schema }),
      value: printExactJson(value),
    };
    const byJava = await verdictOf(() => java.call({ do: 'validate', ...request }), ForeignError);
    const codec = compileJsonSchema(request.schema);
    const byUs = await verdictOf(async () => codec.encode(value, ours, 0), SchemaMismatchError);
    assert.equal(byUs, byJava, about(request.schema, value));
    accepted += Number(byJava);
  });
  await fc.assert(property, { seed: seeds.verdicts, numRuns: verdicts, endOnFailure: true });
  t.diagnostic(`accepted: ${accepted} of ${verdicts}`);
});

async function verdictOf(
  check: () => Promise<unknown>,
  Refusal: new (...args: never[]) => Error,
): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return false;
  }
}

// Java needs a tenth of a second for a file, so each file has several records.
const recordsOfFile = 5;

test(`S1-08 Java and this project write the same bytes for ${pairs} random Protobuf messages of random files, and read them alike (seed ${seeds.proto})`, async () => {
  await eachRun(seeds.proto, pairs / recordsOfFile, async (g, topic, compression) => {
    const { schema, records } = drawProto(g, recordsOfFile);
    for (const { message, value } of records) {
      const text = JSON.stringify(value);
      const request = { topic, schema, value: text, compression, message } as const;
      const theirs = await writtenByJava({ ...request, format: 'PROTOBUF' });
      const choice = { dataFormat: 'PROTOBUF', message } as const;
      const ours = await registry.serialize(topic, schema, value, compression, choice);
      assert.deepEqual(bodyOf(ours), bodyOf(theirs), about(schema, value));
      assert.deepEqual(ours.subarray(2, 18), theirs.subarray(2, 18), about(schema, value));
      const printed = JSON.parse(await readByJava(topic, ours), toFloat);
      const read = JSON.stringify((await registry.deserialize(theirs)).value);
      assert.deepEqual(JSON.parse(read, toFloat), printed, about(schema, value));
    }
  });
});

const json = { dataFormat: 'JSON' } as const;

function eachRun(
  seed: number,
  numRuns: number,
  check: (g: fc.GeneratorValue, topic: string, compression: Compression) => Promise<void>,
): Promise<void> {
  let next = 0;
  // The first failure is not shrunk, because shrinking would exceed the test's timeout.
  const property = fc.asyncProperty(fc.gen(), async (g) => {
    const compression = next % 2 === 0 ? 'none' : 'zlib';
    await check(g, `drawn-${seed}-${next++}`, compression);
  });
  return fc.assert(property, { seed, numRuns, endOnFailure: true }) as Promise<void>;
}

async function readByJava(topic: string, frame: Buffer): Promise<string> {
  const request = { do: 'deserialize', topic, bytes: frame.toString('base64') };
  return (await java.call<{ value: string }>(request)).value;
}

async function writtenByJava(request: {
  topic: string;
  schema: string;
  value: string;
  compression: Compression;
  format: DataFormat;
  message?: string;
}): Promise<Buffer> {
  const { bytes } = await java.call<{ bytes: string }>({ do: 'serialize', ...request });
  const frame = Buffer.from(bytes, 'base64');
  assert.equal(frame[1], request.compression === 'zlib' ? 5 : 0);
  return frame;
}

// Java 17 does not always print a float with the fewest digits. The comparison of bytes covers doubles.
function toFloat(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.fround(value) : value;
}

function about(schema: string, value: unknown): string {
  return `schema ${schema}\nvalue ${printExactJson(value)}`;
}
