import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileJsonSchema } from './index.ts';

const target = Buffer.alloc(10_000);

function write(schema: object | string, value: unknown): string {
  const codec = compileJsonSchema(typeof schema === 'string' ? schema : JSON.stringify(schema));
  return target.toString('utf8', 0, codec.encode(value, target, 0));
}

function fits(schema: object | string, value: unknown): boolean {
  try {
    return write(schema, value) !== '';
  } catch (error) {
    assert.equal((error as { code: string }).code, 'schema-mismatch', String(error));
    return false;
  }
}

const drafts = ['draft-04', 'draft-06', 'draft-07', 'draft/2019-09', 'draft/2020-12'];
const draftUri = fc.constantFrom(...drafts).map((name) => `http://json-schema.org/${name}/schema`);
const inherited = Object.getOwnPropertyNames(Object.prototype);
const latest = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
/** `{ [name]: value }` with `__proto__` as a property. */
const holding = (name: string, value: unknown) => Object.fromEntries([[name, value]]);

test('a name that every object inherits is constrained like others, or the schema is rejected', () => {
  fc.assert(
    fc.property(draftUri, fc.constantFrom(...inherited), (draft, name) => {
      const text = { type: 'string' };
      for (const schema of [
        { properties: holding(name, text) },
        { patternProperties: holding(name, text) },
        { dependencies: holding(name, { required: ['b'] }) },
        { properties: { a: { properties: holding(name, text) } }, items: {} },
        { allOf: [{ properties: holding(name, text) }] },
        { additionalProperties: text },
        { patternProperties: { '^.': text } },
        { required: [name, 'b'] },
        { dependencies: holding('b', [name]), required: ['b'] },
        {
          definitions: holding(name, text),
          additionalProperties: { $ref: `#/definitions/${name}` },
        },
      ]) {
        const definition = JSON.stringify({ $schema: draft, ...schema });
        const wrong = 'a' in (schema.properties ?? {}) ? { a: holding(name, 1) } : holding(name, 1);
        assert.throws(
          () => write(definition, wrong),
          ({ code, message }: { code: string; message: string }) => {
            if (code === 'schema-mismatch') return true;
            assert.deepEqual([name, code], ['__proto__', 'invalid-schema'], definition);
            assert.match(message, /at '[^']*\/__proto__': /);
            return true;
          },
          definition,
        );
      }
    }),
  );
});

test('a value with a name that every object inherits is checked, written and read unchanged', () => {
  fc.assert(
    fc.property(draftUri, fc.constantFrom(...inherited), (draft, name) => {
      const value = holding(name, { x: 1 });
      const text = JSON.stringify(value);
      assert.equal(write({ $schema: draft }, value), text);
      assert.equal(
        write({ $schema: draft, additionalProperties: { type: 'object' } }, value),
        text,
      );
      assert.equal(write({ $schema: draft, enum: [value] }, value), text);
      const again = compileJsonSchema('{}').decode(Buffer.from(text), 0) as object;
      assert.equal(JSON.stringify(again), text);
      assert.equal(Object.getPrototypeOf(again), Object.prototype);
      assert.ok(!fits({ $schema: draft, additionalProperties: false }, value));
      assert.ok(!fits({ $schema: draft, enum: [{}] }, value));
      assert.ok(!fits({ $schema: draft, uniqueItems: true }, [value, holding(name, { x: 1 })]));
      assert.ok(!fits({ uniqueItems: true, items: { type: 'string' } }, [name, name]));
      const branches = {
        anyOf: [{ properties: { a: true } }, { patternProperties: { '^x': true } }],
      };
      assert.ok(!fits({ ...latest, ...branches, unevaluatedProperties: false }, value));
    }),
  );
});

test('a reference to an inherited member has no target', () => {
  for (const name of inherited) {
    for (const $ref of [`#/definitions/${name}`, name, `#/${name}`, `${name}#/a`]) {
      assert.throws(() => write({ definitions: {}, properties: { a: { $ref } } }, { a: 1 }), {
        code: 'invalid-schema',
        message: /at '\/properties\/a\/\$ref': /,
      });
    }
  }
});

test('propertyNames applies beside values beyond 2^53', () => {
  const seven = { $schema: 'http://json-schema.org/draft-07/schema#' };
  const big = 2n ** 60n;
  assert.ok(fits({ ...seven, propertyNames: { enum: ['a'] } }, { a: big }));
  assert.ok(!fits({ ...seven, propertyNames: { enum: ['a'] } }, { b: big }));
  assert.ok(
    fits({ ...seven, additionalProperties: { propertyNames: { const: 'a' } } }, { x: { a: big } }),
  );
});

test('`nullable` beside a `type` is not a keyword, but may be part of a value', () => {
  const value = { type: 'a', nullable: true };
  assert.ok(fits({ enum: [value] }, value));
  assert.ok(!fits({ enum: [value] }, { type: 'a' }));
  assert.ok(!fits({ dependencies: { type: ['x'], nullable: ['y'] } }, { nullable: 1 }));
});

test('an error contains the names that the schema declares, and no other key', () => {
  const text = { type: 'string' };
  const seven = { $schema: 'http://json-schema.org/draft-07/schema#' };
  for (const [schema, value, pointer] of [
    [{ additionalProperties: false }, { secret: 1 }, '/*'],
    [{ additionalProperties: text }, { secret: 1 }, '/*'],
    [{ additionalProperties: text }, { 12: 1 }, '/*'],
    [{ patternProperties: { '^s': { items: text } } }, { secret: ['x', 1] }, '/*/1'],
    [{ ...seven, propertyNames: { maxLength: 1 } }, { secret: 1 }, '/*'],
    [{ ...latest, unevaluatedProperties: false }, { secret: 1 }, '/*'],
    [
      { properties: { 'a/b': { additionalProperties: { properties: { c: text } } } } },
      { 'a/b': { 'secret~/': { c: 1 } } },
      '/a~1b/*/c',
    ],
    [{ properties: { a: { required: ['b'] } } }, { a: {} }, '/a/b'],
    [{ additionalProperties: { maximum: 5 } }, { secret: 2n ** 60n }, '/*'],
  ] as const) {
    assert.throws(
      () => write(schema, value),
      (error: { code: string; message: string; pointer: string }) => {
        assert.deepEqual([error.code, error.pointer], ['schema-mismatch', pointer]);
        assert.doesNotMatch(error.message, /secret|12/);
        return true;
      },
    );
  }
});
