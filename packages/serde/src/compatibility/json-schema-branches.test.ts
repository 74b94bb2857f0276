import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkJsonSchemaCompatibility } from './check-json-schema.ts';

const Schema = 'http://json-schema.org/draft-07/schema#';

/** The kinds of reasons in each direction, each once. */
function reasons(previous: object, next: object): string[] {
  const [before, after] = [previous, next].map((one) =>
    JSON.stringify({ $schema: Schema, ...one }),
  );
  const { incompatibilities } = checkJsonSchemaCompatibility({
    ...{ mode: 'FULL', newSchema: after ?? '', previous: [before ?? ''] },
  });
  return [...new Set(incompatibilities.map(({ direction, type }) => `${direction} ${type}`))];
}

function constants(count: number) {
  return Array.from({ length: count }, (_, index) => ({ const: `v${index}` }));
}

function kinds(count: number, a: object = { type: 'string' }) {
  return Array.from({ length: count }, (_, index) => ({
    ...{ type: 'object', required: ['kind'] },
    properties: { kind: { const: `k${index}` }, a },
  }));
}

// Each pair of branches compared, many * many, would be beyond the limit of work, 50 000.
const many = 230;

test('a large union is compared branch by branch, found by the values that they list', () => {
  const narrowed = (direction: string) => [`${direction} UNION_NARROWED`];
  const values = constants(many).map((one) => one.const);
  for (const [previous, next, expected] of [
    [{ anyOf: constants(many) }, { anyOf: constants(many + 1) }, narrowed('FORWARD')],
    [{ anyOf: constants(many) }, { anyOf: constants(many).reverse() }, []],
    [{ oneOf: constants(many) }, { oneOf: constants(many).reverse() }, []],
    [{ enum: values }, { anyOf: constants(many) }, []],
    [{ enum: values.slice(1) }, { anyOf: constants(many) }, ['FORWARD ENUM_NARROWED']],
    [{ anyOf: kinds(many) }, { anyOf: kinds(many + 1) }, narrowed('FORWARD')],
    [{ oneOf: kinds(many) }, { oneOf: kinds(many + 1) }, narrowed('FORWARD')],
    [
      { oneOf: kinds(many) },
      { oneOf: kinds(many, { type: 'string', minLength: 1 }) },
      narrowed('BACKWARD'),
    ],
    [{ anyOf: kinds(many + 1) }, { anyOf: [...kinds(many), {}] }, narrowed('FORWARD')],
  ] as const) {
    assert.deepEqual(reasons(previous, next), expected, JSON.stringify(next).slice(0, 80));
  }
});

test('a large union may get another branch, although its branches list no values', () => {
  const plain = Array.from({ length: many }, (_, index) => ({
    ...{ type: 'object', required: [`p${index}`] },
  }));
  const nothing = { type: 'null' };
  for (const keyword of ['anyOf', 'oneOf']) {
    const [previous, next] = [plain, [nothing, ...plain]].map((one) => ({ [keyword]: one }));
    const found = reasons(previous as object, next as object);
    assert.ok(!found.some((reason) => reason.startsWith('BACKWARD')), found.join());
  }
  // A value of an earlier branch may match the new one too.
  const [few] = [plain.slice(0, 3)];
  const found = reasons({ oneOf: few }, { oneOf: [...few, { required: ['p4'] }] });
  assert.ok(found.includes('BACKWARD CONDITION_CHANGED'), found.join());
});

test('cycles of different lengths are compared until the limit of work', () => {
  const cycle = (length: number, title: string) => {
    const definitions = Array.from({ length }, (_, index) => [
      `d${index}`,
      { title, properties: { a: { $ref: `#/definitions/d${(index + 1) % length}` } } },
    ]);
    return { $ref: '#/definitions/d0', definitions: Object.fromEntries(definitions) };
  };
  assert.deepEqual(reasons(cycle(20, 'a'), cycle(19, 'b')), []);
  assert.deepEqual(reasons(cycle(400, 'a'), cycle(399, 'b')), [
    'BACKWARD TOO_COMPLEX',
    'FORWARD TOO_COMPLEX',
  ]);
});

test('branches with the same value are told apart, and those without a list are tried', () => {
  const [first, second] = kinds(2);
  const twice = { ...first, properties: { kind: { const: 'k0' }, a: { type: 'integer' } } };
  assert.deepEqual(reasons({ oneOf: [twice] }, { oneOf: [first, second, twice] }).slice(0, 1), [
    // An object without `a` matches both.
    'BACKWARD CONDITION_CHANGED',
  ]);
  assert.deepEqual(reasons({ anyOf: [twice] }, { anyOf: [first, second, twice] }), [
    'FORWARD UNION_NARROWED',
  ]);
  // The property is not required, so an object without it matches both branches.
  const optional = kinds(2).map((one) => ({ ...one, required: [] }));
  assert.deepEqual(reasons({ oneOf: optional.slice(0, 1) }, { oneOf: optional }).slice(0, 1), [
    'BACKWARD CONDITION_CHANGED',
  ]);
  const { a, ...others } = { a: 1 };
  assert.deepEqual(reasons({ const: { a } }, { anyOf: [{ const: others }, { const: { a: 1 } }] }), [
    'FORWARD ENUM_NARROWED',
  ]);
});

test('a comparison beyond the limit of work is incompatible, and reports no more than that', () => {
  const plain = (type: string) =>
    Array.from({ length: many }, (_, index) => ({
      ...{ type: 'object', required: [`p${index}`] },
      properties: { [`p${index}`]: { type } },
    }));
  const found = reasons({ anyOf: plain('string') }, { anyOf: plain('integer') });
  assert.ok(
    found.some((reason) => reason.endsWith('TOO_COMPLEX')),
    found.join(),
  );
});
