import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import {
  createDeserializer,
  type Deserializer,
  type RegisteredSchema,
  UndecodableError,
} from '../index.ts';

interface Vector {
  schemaVersionId: string;
  schema: string;
  readerSchema?: string;
  wire: string;
}

/** Valid frames, each with a deserializer that already knows its schema. */
const subjects = await Promise.all(
  ['avro.json', 'avro-evolution.json'].flatMap(vectorsOf).map(async (vector) => {
    const wire = Buffer.from(vector.wire, 'base64');
    const deserializer = deserializerOf(vector);
    await deserializer.deserialize(wire).catch((error) => {
      assert.equal(error.code, 'reader-schema-mismatch');
    });
    const body = wire[1] === 5 ? inflateSync(wire.subarray(18)) : wire.subarray(18);
    return { deserializer, wire, body };
  }),
);

function vectorsOf(file: string): Vector[] {
  const url = new URL(`../../vectors/glue-wire/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')).cases;
}

function deserializerOf({ schemaVersionId, schema: definition, readerSchema }: Vector) {
  const schema: RegisteredSchema = { schemaVersionId, dataFormat: 'AVRO', definition };
  const registry = {
    framing: 'glue' as const,
    schemaById: async () => schema,
    schemaByDefinition: async () => schema,
  };
  return createDeserializer({ registry, ...(readerSchema !== undefined && { readerSchema }) });
}

/** One change. Positions are fractions of the length, so that they fit a frame of any length. */
const change = fc.record({
  how: fc.constantFrom('flip', 'set', 'cut', 'insert', 'repeat', 'drop'),
  at: fc.nat(1023),
  to: fc.nat(1023),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 12 }),
    // Lengths, counts and indexes at their limits.
    fc
      .constantFrom(
        'ffffffffffffffffff01',
        'feffffffffffffffff01',
        'ffffffff0f',
        '01',
        '808080808080808080808000',
      )
      .map((hex) => Buffer.from(hex, 'hex')),
  ),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(good: Buffer, { how, at, to, bytes }: Change): Buffer {
  const [from, end] = [at, to]
    .map((part) => Math.floor((part * good.length) / 1024))
    .sort((a, b) => a - b) as [number, number];
  const before = good.subarray(0, from);
  switch (how) {
    case 'flip': {
      const copy = Buffer.from(good);
      if (copy.length > 0) copy[from] = (copy[from] as number) ^ (1 << (to & 7));
      return copy;
    }
    case 'set':
      return Buffer.concat([before, bytes, good.subarray(from + bytes.length)]);
    case 'cut':
      return before;
    case 'insert':
      return Buffer.concat([before, bytes, good.subarray(from)]);
    case 'repeat':
      return Buffer.concat([good.subarray(0, end), good.subarray(from)]);
    case 'drop':
      return Buffer.concat([before, good.subarray(end)]);
  }
}

function decodesOrIsRefused(deserializer: Deserializer, frame: Buffer): void {
  try {
    const decoded = deserializer.deserializeSync(frame);
    // `undefined`: the id has changed.
    if (decoded) assertPlain(decoded.value);
  } catch (error) {
    assert.ok(error instanceof UndecodableError, String(error));
  }
}

function assertPlain(value: unknown): void {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return;
  const prototype = Object.getPrototypeOf(value);
  assert.ok(prototype === Object.prototype || prototype === Array.prototype);
  for (const key of Reflect.ownKeys(value)) {
    assertPlain(Object.getOwnPropertyDescriptor(value, key)?.value);
  }
}

const subject = fc.nat(subjects.length - 1).map((i) => subjects[i] as (typeof subjects)[number]);
const changes = fc.array(change, { minLength: 1, maxLength: 4 });

/** The same for the same seed. */
export interface Runs {
  runs: number;
  seed: number;
}

/** Frames that are changed anywhere must decode to plain values or be rejected. */
export function damageFrames({ runs, seed }: Runs): void {
  fc.assert(
    fc.property(subject, changes, ({ deserializer, wire }, changes) => {
      decodesOrIsRefused(deserializer, changes.reduce(changed, wire));
    }),
    { numRuns: runs, seed },
  );
  assert.deepEqual(Reflect.ownKeys({}), []);
}

/** Bodies that are changed anywhere, after a valid header, must decode to plain values or be rejected. */
export function damageBodies({ runs, seed }: Runs): void {
  fc.assert(
    fc.property(subject, changes, fc.nat(3), ({ deserializer, wire, body }, changes, quarter) => {
      const damaged = changes.reduce(changed, Buffer.from(body));
      const compressed = quarter === 0;
      const header = Buffer.from(wire.subarray(0, 18));
      header[1] = compressed ? 5 : 0;
      const stored = compressed ? deflateSync(damaged, { level: 1 }) : damaged;
      decodesOrIsRefused(deserializer, Buffer.concat([header, stored]));
    }),
    { numRuns: runs, seed },
  );
}
