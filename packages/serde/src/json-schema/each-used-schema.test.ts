import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileJsonSchema } from './index.ts';

const seven = 'http://json-schema.org/draft-07/schema#';
const latest = 'https://json-schema.org/draft/2020-12/schema';
const text = { type: 'string' };
type References = { name: string; definition: string }[];

function write(schema: object | string, value: unknown, references: References = []): void {
  const definition = typeof schema === 'string' ? schema : JSON.stringify(schema);
  compileJsonSchema(definition, {}, references).encode(value, Buffer.alloc(1000), 0);
}

const of = (name: string, schema: unknown) => ({ name, definition: JSON.stringify(schema) });
const mismatch = { code: 'schema-mismatch' };
const invalid = { code: 'invalid-schema' };

for (const annotation of [
  { pattern: '*.csv' },
  { pattern: '+1 (999)' },
  { patternProperties: { '*': {} } },
  { $ref: '#/definitions/toString' },
  { $ref: 'toString' },
  { properties: JSON.parse('{"__proto__":{}}') },
  [{ pattern: '[' }],
]) {
  test(`an annotation may have any value: ${JSON.stringify(annotation)}`, () => {
    for (const $schema of [undefined, seven, latest]) {
      const schema = { $schema, properties: { file: { ...text, 'x-ui': annotation } } };
      write(schema, { file: 'a' });
      assert.throws(() => write(schema, { file: 1 }), mismatch);
    }
  });
}

test('the target of a reference is checked as a schema, wherever it is', () => {
  for (const [place, $schema] of [
    ['definitions', seven],
    ['$defs', seven],
    ['$defs', latest],
    ['x-parts', undefined],
  ] as const) {
    const bad = { items: { pattern: '(' } };
    const $ref = `#/${place}/a/b`;
    assert.throws(() => write({ $schema, [place]: { a: { b: bad } }, items: { $ref } }, []), {
      ...invalid,
      message: new RegExp(`at '/${place.replace('$', '\\$')}/a/b/items/pattern'`),
    });
    write({ $schema, [place]: { a: { b: bad, c: {} } }, items: { $ref: `#/${place}/a/c` } }, []);
  }
  const named = (name: object) => ({ definitions: { a: { ...name, dependencies: { b: 5 } } } });
  const $id = 'http://example.com/order.json';
  for (const schema of [
    { $schema: seven, ...named({ $id: '#a' }), items: { $ref: '#a' } },
    { $schema: seven, $id, ...named({}), items: { $ref: 'order.json#/definitions/a' } },
    { $schema: seven, $id, ...named({}), items: { $ref: `${$id}#/definitions/a` } },
    { $schema: latest, ...named({ $anchor: 'a' }), items: { $ref: '#a' } },
    { $schema: latest, ...named({ $dynamicAnchor: 'a' }), items: { $dynamicRef: '#a' } },
  ]) {
    assert.throws(() => write(schema, []), {
      ...invalid,
      message: /at '\/definitions\/a\/dependencies\/b': expected a schema/,
    });
  }
});

test('definitions may be grouped under any names', () => {
  const names = 'nullable required items pattern type enum const default properties $id $ref';
  for (const name of names.split(' ')) {
    for (const place of ['definitions/group', 'components/schemas', 'definitions']) {
      const [outer = '', inner] = place.split('/');
      const group = { other: { nullable: true, ...text }, [name]: { nullable: true, ...text } };
      const schema = {
        [outer]: inner ? { [inner]: group } : group,
        properties: { a: { $ref: `#/${place}/${name}` }, b: { $ref: `#/${place}/other` } },
      };
      if (inner || !name.startsWith('$')) write(schema, { a: 'x', b: 'x' });
      assert.throws(() => write(schema, { a: 1 }), mismatch, place + name);
      assert.throws(() => write(schema, { b: 1 }), mismatch);
    }
  }
  const among = { definitions: { group: { default: { type: 'string', nullable: true } } } };
  const toDefault = { ...among, items: { $ref: '#/definitions/group/default' } };
  assert.throws(() => write(toDefault, [null]), mismatch);
  const never = { components: { nullable: true, type: false } };
  write({ ...never, properties: { a: { $ref: '#/components/nullable' } } }, { a: 1 });
  assert.throws(() => write({ ...text, nullable: true }, null), mismatch);
  assert.throws(() => write({ $schema: seven, items: { nullable: true, ...text } }, [null]));
});

test('keywords that a draft does not define are not checked', () => {
  write({ type: 'number', if: { exclusiveMinimum: 0 }, else: {} }, 5);
  write({ type: 'array', contains: { exclusiveMinimum: 0 } }, [5]);
  write({ propertyNames: { pattern: '*' } }, { a: 1 });
  write({ $schema: seven, prefixItems: [{ pattern: '*' }], dependentSchemas: { a: 5 } }, [5]);
  write({ $schema: seven, $anchor: {}, $dynamicRef: 5, $recursiveRef: null }, 1);
  assert.throws(() => write({ $schema: seven, contains: { pattern: '*' } }, []), invalid);
});

test('a referenced document is checked by its own draft, and only the parts that are used', () => {
  const unused = [
    of('unused.json', { $schema: latest, exclusiveMinimum: 0 }),
    of('bad.json', { type: 'foo', pattern: '(', $id: 5 }),
    { name: 'broken.json', definition: '{' },
  ];
  write(text, 'a', unused);
  const common = {
    ...{ $schema: seven, contains: { pattern: '^a' } },
    definitions: { n: text, bad: { pattern: '(' } },
  };
  const references = [...unused, of('common.json', common)];
  write({ items: { $ref: 'common.json#/definitions/n' } }, ['a'], references);
  assert.throws(
    () => write({ items: { $ref: 'common.json#/definitions/n' } }, [1], references),
    mismatch,
  );
  for (const $ref of ['common.json#/definitions/bad', 'bad.json', 'broken.json', 'between.json']) {
    const between = of('between.json', { not: { $ref: 'bad.json' } });
    assert.throws(() => write({ items: { $ref } }, [], [...references, between]), {
      ...invalid,
      message: /reference (?:common|bad|broken)\.json: /,
    });
  }
});

test('a reference is resolved in the document it names, or in the part with an $id around it', () => {
  const definitions = { constructor: text };
  const part = { $id: 'part.json', definitions, items: { $ref: '#/definitions/constructor' } };
  const schema = {
    ...{ $schema: seven, $id: 'http://example.com/order.json', definitions: { part } },
    properties: {
      a: { $ref: 'part.json' },
      b: { $ref: 'common.json#/definitions/constructor' },
    },
  };
  const references = [of('http://example.com/common.json', { definitions })];
  write(schema, { a: ['x'], b: 'x' }, references);
  assert.throws(() => write(schema, { a: [1] }, references), mismatch);
  assert.throws(() => write(schema, { b: 1 }, references), mismatch);
});
