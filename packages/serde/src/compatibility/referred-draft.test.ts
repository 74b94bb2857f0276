import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidSchemaError } from '../errors.ts';
import { compileJsonSchema } from '../json-schema/json-schema.ts';
import { checkJsonSchemaCompatibility } from './check-json-schema.ts';

const drafts = {
  '04': 'http://json-schema.org/draft-04/schema#',
  '06': 'http://json-schema.org/draft-06/schema#',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};
type Named = keyof typeof drafts;

/** A definition of one draft whose only property is a document of another one. */
function schemaOf(own: Named | undefined, other: Named | undefined, keywords: object) {
  const named = (draft: Named | undefined) =>
    draft === undefined ? {} : { $schema: drafts[draft] };
  const definition = { ...named(own), properties: { n: { $ref: 'n.json' } } };
  const referred = { ...named(other), ...keywords };
  return {
    definition: JSON.stringify(definition),
    references: [{ name: 'n.json', definition: JSON.stringify(referred) }],
  };
}

const isCompatible = (newSchema: object, previous: object) =>
  checkJsonSchemaCompatibility({
    mode: 'BACKWARD',
    newSchema: newSchema as ReturnType<typeof schemaOf>,
    previous: [previous as ReturnType<typeof schemaOf>],
  }).compatible;

function accepts({ definition, references }: ReturnType<typeof schemaOf>, n: unknown): boolean {
  try {
    compileJsonSchema(definition, {}, references).encode({ n }, Buffer.alloc(100), 0);
    return true;
  } catch {
    return false;
  }
}

test('a document that a definition refers to is compared in the draft that it names', () => {
  // `const` means nothing in draft 04, `exclusiveMinimum` is a number from draft 06 on, `prefixItems` is of 2020-12.
  for (const [own, other, wide, narrow, value] of [
    ['04', '06', {}, { const: 5 }, 6],
    ['04', '06', { minimum: 1 }, { exclusiveMinimum: 5 }, 3],
    ['06', '2020-12', {}, { prefixItems: [{ type: 'string' }] }, [1]],
    [undefined, '06', {}, { const: 5 }, 6],
  ] as const) {
    const [before, after] = [schemaOf(own, other, wide), schemaOf(own, other, narrow)];
    assert.deepEqual([accepts(before, value), accepts(after, value)], [true, false]);
    assert.equal(isCompatible(after, before), false, JSON.stringify(narrow));
    assert.equal(isCompatible(before, after), true, JSON.stringify(wide));
  }
  // The definition knows `const`, the document does not.
  const [before, after] = [schemaOf('06', '04', {}), schemaOf('06', '04', { const: 5 })];
  assert.deepEqual([accepts(before, 6), accepts(after, 6)], [true, true]);
  assert.equal(isCompatible(after, before), true);
});

test('a document that changes nothing but its draft is another one', () => {
  // From 2020-12 on, `contains` evaluates the items that it finds.
  const closed = { type: 'array', contains: { const: 1 }, unevaluatedItems: false };
  for (const [keywords, value] of [
    [closed, [1]],
    [{ type: 'array', items: closed }, [[1]]],
  ] as const) {
    const before = schemaOf('2020-12', '2020-12', keywords);
    const after = schemaOf('2020-12', '2019-09', keywords);
    assert.deepEqual([accepts(before, value), accepts(after, value)], [true, false]);
    assert.equal(isCompatible(after, before), false);
    assert.equal(isCompatible(before, before), true);
  }
});

test('a document without $schema may have any draft that its definition may have', () => {
  const limit = (value: unknown) => schemaOf(undefined, undefined, { exclusiveMinimum: value });
  assert.equal(isCompatible(limit(5), limit(6)), true);
  assert.throws(() => isCompatible(limit('5'), limit(6)), InvalidSchemaError);
  const refused = schemaOf(undefined, '04', { exclusiveMinimum: 5 });
  assert.throws(() => isCompatible(refused, refused), /reference n\.json: .*exclusiveMinimum/);
});
