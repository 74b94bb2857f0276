import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { compileJsonSchema } from './index.ts';
import { linkDefinition } from './link-definition.ts';
import { compileLinked } from './linked-references.ts';

const latest = 'https://json-schema.org/draft/2020-12/schema';
const draft07 = 'http://json-schema.org/draft-07/schema#';
const maxCharacters = 70_000;
const options = { strict: false, meta: false, validateSchema: false };
const target = Buffer.alloc(100_000);

function list<Part>(count: number, part: (index: number) => Part): Part[] {
  return Array.from({ length: count }, (_, index) => part(index));
}

function map(count: number, part: (index: number) => unknown): Record<string, unknown> {
  return Object.fromEntries(list(count, (index) => [`p${index}`, part(index)]));
}

/** An object of one kind: 7 parts. */
function kind(index: number) {
  return {
    ...{ type: 'object', required: ['kind'] },
    properties: { kind: { const: index }, a: { type: 'string' } },
  };
}

const large = (index: number) => ({ properties: map(20, () => ({ minLength: index })) });

/** Schemas of any width. */
const wide: Record<string, (count: number) => object> = {
  anyOf: (count) => ({ anyOf: list(count, kind) }),
  oneOf: (count) => ({ oneOf: list(count, kind) }),
  allOf: (count) => ({
    allOf: list(count, (index) => ({ if: { not: kind(index) }, else: large(1) })),
  }),
  properties: (count) => ({ properties: map(count, kind), additionalProperties: false }),
  patterns: (count) => ({ patternProperties: map(count, kind) }),
  dependencies: (count) => ({ $schema: draft07, dependencies: map(count, kind) }),
  dependentSchemas: (count) => ({ dependentSchemas: map(count, kind) }),
  dependentRequired: (count) => ({ dependentRequired: map(count, () => ['a', 'b', 'c', 'd']) }),
  items: (count) => ({ $schema: draft07, items: list(count, kind), additionalItems: false }),
  prefixItems: (count) => ({ prefixItems: list(count, kind), items: false }),
  references: (count) => ({
    anyOf: list(count, (index) => ({ $ref: `#/$defs/p${index}` })),
    $defs: map(count, kind),
  }),
  'large parts': (count) => ({ not: { anyOf: list(count / 10, large) }, else: large(count) }),
  'large parts inside each other': (count) =>
    [1, 2, 3, 4].reduce(
      (inner: object) => ({ if: inner, else: { not: inner }, not: { not: inner } }),
      large(count),
    ),
};

for (const [name, schemaOf] of Object.entries(wide)) {
  test(`the code of a wide schema is divided among functions: ${name}`, () => {
    const text = JSON.stringify({ $schema: latest, ...schemaOf(150) });
    const { schema, dialect } = linkDefinition(text, '07', []);
    const sizes: number[] = [];
    const process = (code: string) => {
      sizes.push(code.length);
      return code;
    };
    const ajv = new (dialect === '07' ? Ajv : Ajv2020)({ ...options, code: { process } });
    compileLinked(ajv, schema, () => undefined);
    assert.ok(Math.max(...sizes) < maxCharacters, `${Math.max(...sizes)} characters`);
  });
}

/** Values of each kind of wide schema, and whether it accepts them. */
const values: Record<string, [unknown, boolean][]> = {
  anyOf: [
    [{ kind: 59 }, true],
    [{ kind: 0, a: 'x' }, true],
    [{ kind: 59, a: 1 }, false],
    [{ kind: 60 }, false],
  ],
  oneOf: [
    [{ kind: 59 }, true],
    [{ kind: 60 }, false],
  ],
  allOf: [
    [{ kind: 59, p0: 'x' }, true],
    [{ kind: 59, p19: '' }, false],
    [{ kind: 60, p19: '' }, true],
  ],
  properties: [
    [{ p0: { kind: 0 }, p59: { kind: 59 } }, true],
    [{ p59: { kind: 0 } }, false],
    [{ p60: { kind: 60 } }, false],
  ],
  dependencies: [
    [{ p59: 1, kind: 59 }, true],
    [{ p59: 1, kind: 0 }, false],
    [{ p60: 1 }, true],
  ],
  items: [
    [list(60, (index) => ({ kind: index })), true],
    [list(59, (index) => ({ kind: index })), true],
    [[...list(59, (index) => ({ kind: index })), { kind: 0 }], false],
    [list(61, (index) => ({ kind: index })), false],
  ],
};
values.references = values.anyOf as [unknown, boolean][];
values.dependentSchemas = values.dependencies as [unknown, boolean][];
values.prefixItems = values.items as [unknown, boolean][];

for (const [name, expected] of Object.entries(values)) {
  test(`a divided keyword accepts the same values: ${name}`, () => {
    const schema = { $schema: latest, ...wide[name]?.(60) };
    const accepts = acceptance(schema);
    for (const [value, isAccepted] of expected) {
      assert.equal(accepts(value), isAccepted, JSON.stringify(value));
    }
  });
}

test('a value that matches two branches of a wide oneOf is rejected', () => {
  const branches = [...list(60, kind), { type: 'object', required: ['b'] }];
  const accepts = acceptance({ $schema: latest, oneOf: branches });
  assert.deepEqual([{ kind: 1 }, { b: 1 }, { kind: 1, b: 1 }].map(accepts), [true, true, false]);
});

test('every matching branch of a wide anyOf evaluates members', () => {
  const branches = [...list(60, kind), { properties: { b: true } }, { properties: { c: true } }];
  const accepts = acceptance({
    ...{ $schema: latest, anyOf: branches, unevaluatedProperties: false },
  });
  const tried = [{ kind: 59, a: 'x', b: 1, c: 1 }, { c: 1 }, { kind: 60 }, { kind: 1, d: 1 }];
  assert.deepEqual(tried.map(accepts), [true, true, false, false]);
});

test('a large part evaluates members, and integers in it are exact', () => {
  const big = '9007199254740993';
  const members = JSON.stringify(map(250, () => ({ type: 'integer' }))).slice(0, -1);
  const part = `{"properties":${members},"n":{"const":${big}}}}`;
  const accepts = acceptance(
    `{"$schema":"${latest}","anyOf":[${part},{"required":["m"]}],"unevaluatedProperties":false}`,
  );
  const tried = [{ n: BigInt(big), p249: 1 }, { n: BigInt(big) - 1n }, { n: BigInt(big), m: 1 }];
  assert.deepEqual(tried.map(accepts), [true, false, false]);
});

test('parts that became definitions are not counted as references', () => {
  const branches = list(300, kind);
  const accepts = acceptance({ $schema: latest, items: { oneOf: branches } });
  assert.ok(accepts(list(3000, () => ({ kind: 299 }))));
});

test('a property can depend on any number of others', () => {
  const names = list(3000, (index) => `p${index}`);
  const [, ...others] = names;
  const given = map(3000, () => 1);
  for (const schema of [
    { $schema: draft07, dependencies: { a: names, b: { required: ['p0'] } } },
    { $schema: latest, dependentRequired: { a: names } },
    { $schema: latest, dependentRequired: { a: names }, dependentSchemas: { a: { minLength: 1 } } },
    {
      $schema: draft07,
      definitions: { d: { dependencies: { a: names } } },
      allOf: [{ $ref: '#/definitions/d' }],
    },
  ]) {
    const accepts = acceptance(schema);
    const allButOne = Object.fromEntries(others.map((name) => [name, 1]));
    const tried = [{ a: 1 }, { a: 1, ...allButOne }, { a: 1, ...given }, allButOne, {}];
    assert.deepEqual(tried.map(accepts), [false, false, true, true, true]);
  }
});

test('objects with any number of patterns can be closed', () => {
  const patternProperties = map(1600, () => ({ type: 'string' }));
  const few = { p0: true, q: true };
  for (const properties of [few, { ...few, ...map(20, () => true) }]) {
    const closed = acceptance({ properties, patternProperties, additionalProperties: false });
    const tried = [{ p1599: '' }, { xp7: '', q: 5 }, { p1599: 1 }, { o: 1 }, { p: 1, q: 1 }];
    assert.deepEqual(tried.map(closed), [true, true, false, false, false]);
  }
  const open = acceptance({ patternProperties, additionalProperties: { type: 'integer' } });
  assert.deepEqual([{ p1: '', o: 1 }, { o: '' }, { p1: 1 }].map(open), [true, false, false]);
  const codec = compileJsonSchema(
    JSON.stringify({ patternProperties, additionalProperties: false }),
  );
  assert.throws(() => codec.encode({ p1: '', o: 1 }, target, 0), {
    code: 'schema-mismatch',
    message: /additionalProperties: must NOT have additional properties/,
  });
});

function acceptance(schema: object | string): (value: unknown) => boolean {
  const codec = compileJsonSchema(typeof schema === 'string' ? schema : JSON.stringify(schema));
  return (value) => {
    try {
      return codec.encode(value, target, 0) > 0;
    } catch (error) {
      if ((error as { code?: string }).code === 'schema-mismatch') return false;
      throw error;
    }
  };
}
