import fc from 'fast-check';

// Generates any schema with the keywords of drafts 04, 06 and 07, and any value, which rarely matches. Few names and
// texts make matches more likely.
const names = ['a', 'b', 'ab', ''] as const;
const formats = [
  ...['date-time', 'date', 'time', 'email', 'hostname', 'ipv4', 'ipv6'],
  ...['uri', 'uri-reference', 'regex', 'json-pointer', 'uuid'],
];
const types = ['string', 'integer', 'number', 'null', 'object', 'array', 'boolean'];
const optional = { requiredKeys: [] };
const small = (max: number) => fc.integer({ min: 0, max });

export const anySchema = fc.letrec<{ schema: object }>((tie) => {
  const schema = tie('schema');
  const several = fc.array(schema, { minLength: 1, maxLength: 2 });
  const named = fc.dictionary(fc.constantFrom(...names), schema);
  const scalar = fc.record(
    {
      type: fc.oneof(
        fc.constantFrom(...types),
        fc.uniqueArray(fc.constantFrom(...types), { minLength: 1, maxLength: 3 }),
      ),
      minimum: fc.integer({ min: -2, max: 2 }),
      maximum: fc.integer({ min: -2, max: 3 }),
      multipleOf: fc.constantFrom(1, 2, 0.5, 0.1),
      minLength: small(3),
      maxLength: small(2),
      pattern: fc.constantFrom('^a', 'b$', '.x', '^\\w+$', '[0-9]'),
      enum: fc.uniqueArray(fc.constantFrom(0, 1, 'x', null, true, 1.5), { minLength: 1 }),
      format: fc.constantFrom(...formats),
    },
    optional,
  );
  const object = fc.record(
    {
      properties: named,
      required: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
      additionalProperties: fc.oneof(fc.boolean(), schema),
      patternProperties: fc.dictionary(fc.constantFrom('^a', 'b'), schema),
      minProperties: small(2),
      maxProperties: small(2),
      dependencies: fc.constantFrom({ a: ['b'] }, { b: { required: ['ab'] } }),
      propertyNames: fc.constantFrom({ maxLength: 1 }, { enum: ['a'] }),
    },
    optional,
  );
  const array = fc.record(
    {
      items: fc.oneof(schema, several),
      additionalItems: fc.oneof(fc.boolean(), schema),
      minItems: small(2),
      maxItems: small(3),
      uniqueItems: fc.boolean(),
      contains: schema,
    },
    optional,
  );
  const union = fc.record({ anyOf: several, oneOf: several, not: schema }, optional);
  const condition = fc
    .record({ allOf: several, if: schema, yes: schema, else: schema }, optional)
    .map(({ yes, ...rest }) => Object.fromEntries([...Object.entries(rest), ['then', yes ?? {}]]));
  const constant = fc.record({ const: fc.constantFrom(0, 'x', null, { a: 1 }, [1]) });
  return { schema: fc.oneof({ maxDepth: 2 }, scalar, object, array, union, condition, constant) };
}).schema;

export const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, 0, 1, -1, 2, 1.5, 0.3, 0.1, true, 123456789012345678901n),
    fc.constantFrom('', 'x', 'xyz', 'ab', '12', 'a@b.com', '1.2.3.4', '::1', '(', '/a'),
    fc.constantFrom('2020-01-01', '2020-01-01T00:00:00Z', '10:00:00Z', 'http://a/b'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('value')),
  ),
})).value;
