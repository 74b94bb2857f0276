import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkJsonSchemaCompatibility } from '../compatibility/check-json-schema.ts';
import { compileJsonSchema } from '../json-schema/index.ts';

const seven = { $schema: 'http://json-schema.org/draft-07/schema#' };
const names = ['a', 'b', 'c'] as const;
const schemas = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 2 },
    fc.record(
      {
        type: fc.oneof(
          fc.constantFrom('string', 'integer', 'number', 'null', 'object', 'array'),
          fc.uniqueArray(fc.constantFrom('string', 'integer', 'null', 'object'), { minLength: 1 }),
        ),
        minimum: fc.integer({ min: -2, max: 2 }),
        maxLength: fc.integer({ min: 0, max: 2 }),
        enum: fc.uniqueArray(fc.constantFrom(0, 1, 'x', null), { minLength: 1 }),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom(...names), tie('schema')),
        required: fc.uniqueArray(fc.constantFrom(...names)),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'b'), tie('schema')),
        maxProperties: fc.integer({ min: 0, max: 2 }),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        items: fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
        additionalItems: fc.oneof(fc.boolean(), tie('schema')),
        minItems: fc.integer({ min: 0, max: 2 }),
        uniqueItems: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
    fc.record(
      {
        oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
        type: fc.constantFrom('integer', 'object'),
      },
      { requiredKeys: ['oneOf'] },
    ),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.record({ a: fc.record({ const: fc.constantFrom(0, 1, 'x') }) }),
        required: fc.constant(['a']),
      },
      { requiredKeys: ['type', 'properties'] },
    ),
    fc.record({
      allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      type: fc.constant('object'),
    }),
  ),
})).schema;

const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, 0, 1, -1, 2, 1.5, '', 'x', 'xyz'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names, 'ab'), tie('value')),
  ),
})).value;

const target = Buffer.alloc(1000);

/**
 * Draws pairs of schemas, alone and in branches of oneOf and anyOf. Fails if a reader that is compatible rejects a value that
 * the writer accepts. Draws the same pairs for the same seed.
 *
 * @returns the number of values that were compared
 */
export function checkJsonVerdicts({ runs, seed }: { runs: number; seed: number }): number {
  let compared = 0;
  fc.assert(
    fc.property(
      schemas,
      schemas,
      fc.array(values, { minLength: 20, maxLength: 20 }),
      (one, other, tried) => {
        const acceptedBy = acceptance(tried);
        for (const [reader, writer] of pairsOf(one, other)) {
          if (!isCompatible(reader, writer)) continue;
          const written = acceptedBy(writer);
          if (written.size === 0) continue;
          const read = acceptedBy(reader);
          for (const value of written) {
            compared += 1;
            assert.ok(read.has(value), JSON.stringify(value));
          }
        }
      },
    ),
    { numRuns: runs, seed },
  );
  return compared;
}

function pairsOf(one: object, other: object): (readonly [reader: object, writer: object])[] {
  const either = { oneOf: [one, other] };
  return [
    [one, other],
    [other, one],
    [one, one],
    [{ ...other, minimum: 0 }, other],
    [either, one],
    [either, { anyOf: [one, other] }],
    [either, { oneOf: [other] }],
    [either, { oneOf: [one, { ...other, minimum: 0 }] }],
    [{ oneOf: [one, { ...other, minimum: 0 }], minimum: 0 }, either],
    [
      { ...either, title: 'x' },
      { ...either, minimum: 0 },
    ],
  ];
}

function isCompatible(reader: object, writer: object): boolean {
  const [newSchema, old] = [reader, writer].map((schema) => textOf(schema)) as [string, string];
  return checkJsonSchemaCompatibility({ mode: 'BACKWARD', newSchema, previous: [old] }).compatible;
}

/** Returns a function that gives the values that a schema accepts. It compiles each schema once. */
function acceptance(tried: readonly unknown[]): (schema: object) => Set<unknown> {
  const known = new Map<string, Set<unknown>>();
  return (schema) => {
    const text = textOf(schema);
    const found = known.get(text);
    if (found !== undefined) return found;
    const codec = compileJsonSchema(text);
    const accepted = new Set(
      tried.filter((value) => {
        try {
          return codec.encode(value, target, 0) > 0;
        } catch {
          return false;
        }
      }),
    );
    known.set(text, accepted);
    return accepted;
  };
}

function textOf(schema: object): string {
  return JSON.stringify({ ...seven, ...schema });
}
