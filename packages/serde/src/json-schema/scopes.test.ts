import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkJsonSchemaCompatibility } from '../compatibility/check-json-schema.ts';
import { compileJsonSchema } from './index.ts';

const four = 'http://json-schema.org/draft-04/schema#';
const seven = 'http://json-schema.org/draft-07/schema#';
const integer = { type: 'integer' };
const text = { type: 'string' };

interface Case {
  what: string;
  schema: object;
  references?: Record<string, object>;
}

/** Each schema takes `{ n: 1 }` and rejects `{ n: 'x' }`, in Everit 1.14.5 as here. */
const asJava: Case[] = [
  {
    what: 'a pointer under an $id is resolved in the whole document',
    schema: {
      $schema: seven,
      allOf: [
        { $id: 'http://ex.example/Item', properties: { n: { $ref: '#/definitions/Count' } } },
      ],
      definitions: { Count: integer },
    },
  },
  {
    what: 'a pointer under an $id is resolved in the whole document, although the part has such a place',
    schema: {
      $schema: seven,
      allOf: [
        {
          $id: 'http://ex.example/Item',
          definitions: { Count: text },
          properties: { n: { $ref: '#/definitions/Count' } },
        },
      ],
      definitions: { Count: integer },
    },
  },
  {
    what: 'an id beside a reference, draft-04',
    schema: {
      $schema: four,
      definitions: { I: integer },
      properties: { n: { id: '/properties/n', $ref: '#/definitions/I' } },
    },
  },
  {
    what: 'an $id beside a reference is the base of the reference',
    schema: {
      $schema: seven,
      definitions: { a: { $id: 'http://a.example/i', ...integer } },
      properties: { n: { $id: 'http://a.example/n', $ref: 'i' } },
    },
  },
  {
    what: 'one $id twice',
    schema: {
      $schema: seven,
      properties: { m: { $id: 'x', ...text }, n: { $id: 'x', ...integer } },
    },
  },
  {
    what: 'a reference to an $id that occurs twice leads to the last one in the order of Java',
    schema: {
      $schema: seven,
      definitions: { Aa: { $id: 'x', ...text }, BB: { $id: 'x', ...integer } },
      properties: { n: { $ref: 'x' } },
    },
  },
  {
    what: 'an anchor',
    schema: {
      $schema: seven,
      definitions: { a: { $id: '#foo', ...integer } },
      properties: { n: { $ref: '#foo' } },
    },
  },
  {
    what: 'an anchor under an $id is known in the whole document',
    schema: {
      $schema: seven,
      $id: 'http://ex.example/order.json',
      definitions: { a: { $id: 'part', definitions: { b: { $id: '#foo', ...integer } } } },
      properties: { n: { $ref: '#foo' } },
    },
  },
  {
    what: 'an unknown anchor leads to the document',
    schema: {
      $schema: seven,
      type: ['object', 'integer'],
      properties: { n: { $ref: '#nowhere' } },
    },
  },
  {
    what: 'an absolute $id',
    schema: {
      $schema: seven,
      $id: 'http://ex.example/order.json',
      definitions: { a: { $id: 'http://ex.example/count.json', ...integer } },
      properties: { n: { $ref: 'count.json' } },
    },
  },
  {
    what: 'a relative $id in a document without one',
    schema: {
      definitions: { a: { id: 'count.json', ...integer } },
      properties: { n: { $ref: 'count.json' } },
    },
  },
  {
    what: '$id in a value is an id of Java',
    schema: {
      $schema: seven,
      default: { $id: 'count.json', ...integer },
      properties: { n: { $ref: 'count.json' } },
    },
  },
  {
    what: 'a property named id, and a member of `properties` that is the id of Java',
    schema: {
      properties: { id: 'http://ex.example/properties', n: { $ref: '#/definitions/I' } },
      definitions: { I: integer, properties: { id: text } },
    },
  },
  {
    what: 'percent-encoding and the escapes of pointers',
    schema: {
      $schema: seven,
      definitions: { 'a/b~c d%"é': integer },
      properties: { n: { $ref: '#/definitions/a~1b~0c%20d%25%22%C3%A9' } },
    },
  },
  {
    what: 'a plus sign is a space',
    schema: {
      $schema: seven,
      definitions: { 'a b': integer, 'a+b': text },
      properties: { n: { $ref: '#/definitions/a+b' } },
    },
  },
  {
    what: 'a slash at the end counts for nothing',
    schema: {
      $schema: seven,
      definitions: { I: { ...integer, '': text } },
      properties: { n: { $ref: '#/definitions/I//' } },
    },
  },
  {
    what: 'a target inside a value',
    schema: {
      $schema: seven,
      examples: [{ n: 1 }, integer],
      properties: { n: { $ref: '#/examples/1' } },
    },
  },
  {
    what: 'the absolute URI of a pointer under an $id elsewhere',
    schema: {
      $schema: seven,
      definitions: { I: integer },
      properties: {
        m: { $id: 'http://ex.example/m.json', $ref: '#/definitions/I' },
        n: { $ref: 'http://ex.example/m.json#/definitions/I' },
      },
    },
  },
  {
    what: 'a chain and a cycle of references',
    schema: {
      $schema: seven,
      definitions: {
        a: { $ref: '#/definitions/b' },
        b: { anyOf: [integer, { type: 'array', items: { $ref: '#/definitions/a' } }] },
      },
      properties: { n: { $ref: '#/definitions/a' }, next: { $ref: '#' } },
    },
  },
  {
    what: 'an exclusive limit without a limit, draft-04',
    schema: { $schema: four, properties: { n: { ...integer, exclusiveMaximum: true } } },
  },
  {
    what: 'a reference named relatively under an absolute $id',
    schema: {
      $schema: seven,
      $id: 'http://ex.example/order.json',
      properties: { n: { $ref: 'count.json' } },
    },
    references: { 'count.json': integer },
  },
  {
    what: 'a reference named relatively, by its absolute name',
    schema: {
      $schema: seven,
      $id: 'http://ex.example/a/order.json#',
      properties: { n: { $ref: 'http://ex.example/count.json#/definitions/I' } },
    },
    references: { '../count.json': { definitions: { I: integer } } },
  },
  {
    what: 'a reference with an $id elsewhere, and a reference of it named by that $id',
    schema: { $schema: seven, properties: { n: { $ref: 'count.json' } } },
    references: {
      'count.json': { $id: 'http://other.example/c.json', allOf: [{ $ref: 'i.json' }] },
      'http://other.example/i.json': integer,
    },
  },
  {
    what: 'the ids around the target in a reference do not count',
    schema: { $schema: seven, properties: { n: { $ref: 'count.json#/definitions/a' } } },
    references: {
      'count.json': {
        $id: 'http://other.example/c.json',
        definitions: { a: { allOf: [{ $ref: 'i.json' }] } },
      },
      'i.json': integer,
    },
  },
  {
    what: 'references that refer to each other',
    schema: { $schema: seven, properties: { n: { $ref: 'a.json' } } },
    references: {
      'a.json': { anyOf: [integer, { type: 'array', items: { $ref: 'b.json' } }] },
      'b.json': {
        allOf: [{ $ref: 'a.json' }, { $ref: '#/definitions/any' }],
        definitions: { any: {} },
      },
    },
  },
  {
    what: 'a reference of another draft',
    schema: { $schema: seven, properties: { n: { $ref: 'count.json' } } },
    references: {
      'count.json': { $schema: four, ...integer, maximum: 2, exclusiveMaximum: true, const: 5 },
    },
  },
];

/** References that Everit does not resolve, and JSON Schema does. */
const bySpecification: Case[] = [
  {
    what: 'a pointer that only the part with an $id has',
    schema: {
      $schema: seven,
      allOf: [
        {
          $id: 'http://ex.example/Item',
          definitions: { Count: integer },
          properties: { n: { $ref: '#/definitions/Count' } },
        },
      ],
    },
  },
  {
    what: 'a pointer after the $id of the definition',
    schema: {
      $schema: seven,
      $id: 'http://ex.example/order.json',
      definitions: { I: integer },
      properties: { n: { $ref: 'order.json#/definitions/I' } },
    },
  },
  {
    what: 'a relative $id under an absolute one',
    schema: {
      $schema: seven,
      $id: 'http://ex.example/order.json',
      definitions: { a: { $id: 'count.json', ...integer } },
      properties: { n: { $ref: 'http://ex.example/count.json' } },
    },
  },
  {
    what: 'a reference by the $id of the document',
    schema: { $schema: seven, properties: { n: { $ref: 'http://ex.example/c.json' } } },
    references: { 'count.json': { $id: 'http://ex.example/c.json', ...integer } },
  },
  {
    what: 'a reference by its name as written',
    schema: {
      $schema: seven,
      allOf: [{ $id: 'http://ex.example/order.json', properties: { n: { $ref: 'count.json' } } }],
    },
    references: { 'count.json': integer },
  },
  {
    what: 'a plus sign where no name has a space',
    schema: {
      $schema: seven,
      definitions: { 'a+b': integer },
      properties: { n: { $ref: '#/definitions/a+b' } },
    },
  },
];

for (const { what, schema, references = {} } of [...asJava, ...bySpecification]) {
  const named = Object.entries(references).map(([name, other]) => ({
    name,
    definition: JSON.stringify(other),
  }));

  test(`scopes of references: ${what}`, () => {
    const codec = compileJsonSchema(JSON.stringify(schema), {}, named);
    assert.equal(codec.encode({ n: 1 }, Buffer.alloc(99), 0), 7);
    assert.throws(() => codec.encode({ n: 'x' }, Buffer.alloc(99), 0), { pointer: '/n' });
  });

  // The checker reads every document by the draft of the definition.
  if (what === 'a reference of another draft') continue;
  test(`the checker finds the same target: ${what}`, () => {
    const definition = JSON.stringify({ type: 'object', ...schema });
    const newSchema = { definition, references: named };
    const takes = (n: object) => {
      const old = { type: 'object', additionalProperties: false, properties: { n } };
      const previous = [JSON.stringify(old)];
      return checkJsonSchemaCompatibility({ mode: 'BACKWARD', newSchema, previous }).compatible;
    };
    assert.deepEqual(
      [takes({ type: 'integer', minimum: 0, maximum: 1 }), takes(text)],
      [true, false],
    );
  });
}

test('an id beside a reference does not make its own part a target, as JSON Schema prescribes', () => {
  const beside = { id: 'a', $ref: '#/properties/a', properties: { a: {} } };
  const codec = compileJsonSchema(JSON.stringify({ properties: { ab: beside } }));
  assert.throws(() => codec.encode({}, Buffer.alloc(9), 0), {
    code: 'invalid-schema',
    message: /at '\/properties\/ab\/\$ref': the reference has no target/,
  });
});

test('a reference without a target is an invalid schema', () => {
  for (const $ref of ['#/definitions/none', 'none.json', 'http://ex.example/#/a', '#/type']) {
    for (const $schema of [four, seven, 'https://json-schema.org/draft/2020-12/schema']) {
      const codec = compileJsonSchema(JSON.stringify({ $schema, type: 'object', items: { $ref } }));
      assert.throws(() => codec.encode({}, Buffer.alloc(9), 0), {
        code: 'invalid-schema',
        message: /at '\/items\/\$ref': the reference has no target/,
      });
    }
  }
});

test('a circle of references that no value reaches is allowed, and one that a value reaches is invalid', () => {
  const circle = { $id: 'http://ex.example/a', $ref: 'http://ex.example/a' };
  for (const n of [circle, { $ref: '#/definitions/a' }]) {
    const definitions = { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } };
    const definition = JSON.stringify({ $schema: seven, definitions, properties: { n } });
    const codec = compileJsonSchema(definition);
    assert.equal(codec.encode({}, Buffer.alloc(9), 0), 2);
    assert.throws(() => codec.encode({ n: 1 }, Buffer.alloc(9), 0), { code: 'invalid-schema' });
  }
});

test('a pointer leads to its definition, however it is escaped and whatever ids are around', () => {
  // Java resolves the escapes of JSON strings in a pointer.
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }).filter((text) => {
    return text !== '__proto__' && !text.includes('\\');
  });
  const names = fc.uniqueArray(name, { minLength: 1, maxLength: 5 });
  const id = fc.constantFrom(
    'http://ex.example/a/',
    'b.json',
    '../c.json',
    '#d',
    'urn:e',
    '/f',
    '',
  );
  const property = fc.property(
    names,
    fc.array(id),
    fc.constantFrom(four, seven),
    (all, ids, $schema) => {
      const [target = '', ...others] = all;
      const escaped = encodeURIComponent(target.replaceAll('~', '~0').replaceAll('/', '~1'));
      let n: object = { $ref: `#/definitions/${escaped}` };
      for (const around of ids) n = { [$schema === four ? 'id' : '$id']: around, allOf: [n] };
      const definitions = Object.fromEntries(others.map((other) => [other, text]));
      const schema = {
        $schema,
        definitions: { ...definitions, [target]: integer },
        properties: { n },
      };
      const codec = compileJsonSchema(JSON.stringify(schema));
      assert.equal(codec.encode({ n: 1 }, Buffer.alloc(9), 0), 7);
      assert.throws(() => codec.encode({ n: 'x' }, Buffer.alloc(9), 0), { pointer: '/n' });
    },
  );
  fc.assert(property, { numRuns: 300 });
});
