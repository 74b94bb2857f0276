import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompatibilityMode } from '../registry/compatibility-modes.ts';
import { checkJsonVerdicts } from '../testing/check-json-verdicts.ts';
import { checkJsonSchemaCompatibility } from './check-json-schema.ts';

const seven = { $schema: 'http://json-schema.org/draft-07/schema#' };

function faults(mode: CompatibilityMode, newSchema: unknown, ...previous: unknown[]): string[] {
  return checkJsonSchemaCompatibility({
    mode,
    newSchema: JSON.stringify(newSchema),
    previous: previous.map((schema) => JSON.stringify(schema)),
  }).incompatibilities.map(
    ({ type, newLocation, previousLocation }) => `${type} ${newLocation} ${previousLocation}`,
  );
}

const object = (properties: object, rest: object = {}) => ({ type: 'object', properties, ...rest });
const closed = { additionalProperties: false };
const id = { id: { type: 'string' } };
const note = { note: { type: 'string' } };

// The two sentences of the Glue guide about JSON.
test('an optional property may be added under BACKWARD only to a closed schema', () => {
  assert.deepEqual(faults('BACKWARD', object({ ...id, ...note }, closed), object(id, closed)), []);
  assert.deepEqual(faults('BACKWARD', object({ ...id, ...note }), object(id)), [
    'PROPERTY_ADDED_TO_OPEN_SCHEMA /properties/note ',
  ]);
});

test('an optional property may be removed under FORWARD only if the new schema is closed', () => {
  assert.deepEqual(faults('FORWARD', object(id, closed), object({ ...id, ...note }, closed)), []);
  assert.deepEqual(faults('FORWARD', object(id), object({ ...id, ...note })), [
    'PROPERTY_ADDED_TO_OPEN_SCHEMA  /properties/note',
  ]);
});

// [change, new, old, fault under BACKWARD, fault under FORWARD]
const cases: [string, unknown, unknown, string | undefined, string | undefined][] = [
  ['nothing', object(id), object(id), undefined, undefined],
  ['other words', object(id, { title: 'b' }), object(id, { title: 'a' }), undefined, undefined],
  [
    'a required property more',
    object(id, { required: ['id'] }),
    object(id),
    'REQUIRED_PROPERTY_ADDED /required ',
    undefined,
  ],
  ['integer to number', { type: 'number' }, { type: 'integer' }, undefined, 'TYPE_NARROWED  /type'],
  [
    'another type',
    { type: 'string' },
    { type: 'integer' },
    'TYPE_NARROWED /type ',
    'TYPE_NARROWED  /type',
  ],
  [
    'null allowed',
    { type: ['string', 'null'] },
    { type: 'string' },
    undefined,
    'TYPE_NARROWED  /type',
  ],
  ['a symbol more', { enum: ['a', 'b'] }, { enum: ['a'] }, undefined, 'ENUM_NARROWED  /enum'],
  ['an enum of anything', { enum: ['a'] }, { type: 'string' }, 'ENUM_ADDED /enum ', undefined],
  ['a higher minimum', { minimum: 2 }, { minimum: 1 }, 'LIMIT_NARROWED /minimum ', undefined],
  [
    'an exclusion in draft-04',
    { minimum: 1, exclusiveMinimum: true },
    { minimum: 1 },
    'LIMIT_NARROWED /minimum ',
    undefined,
  ],
  [
    'a limit beyond 2^53',
    '{"maximum":9007199254740993}',
    '{"maximum":9007199254740992}',
    undefined,
    'LIMIT_NARROWED  /maximum',
  ],
  [
    'a limit of another type',
    { type: 'string', minItems: 3 },
    { type: 'string' },
    undefined,
    undefined,
  ],
  ['a longer text', { maxLength: 5 }, { maxLength: 4 }, undefined, 'LIMIT_NARROWED  /maxLength'],
  [
    'a coarser step',
    { multipleOf: 0.2 },
    { multipleOf: 0.1 },
    'LIMIT_NARROWED /multipleOf ',
    undefined,
  ],
  [
    'a pattern',
    { pattern: 'a' },
    { pattern: 'b' },
    'PATTERN_CHANGED /pattern ',
    'PATTERN_CHANGED  /pattern',
  ],
  [
    'the schema closed',
    object(id, closed),
    object(id),
    'ADDITIONAL_PROPERTIES_CLOSED /additionalProperties ',
    undefined,
  ],
  [
    'a property dropped from a closed schema',
    object({}, closed),
    object(id, closed),
    'PROPERTY_DROPPED_FROM_CLOSED_SCHEMA  /properties/id',
    undefined,
  ],
  [
    'items',
    { items: { type: 'integer' } },
    { items: { type: 'number' } },
    'TYPE_NARROWED /items/type /items',
    undefined,
  ],
  [
    'an item more of a closed tuple',
    { items: [{ type: 'string' }, {}], additionalItems: false },
    { items: [{ type: 'string' }], additionalItems: false },
    undefined,
    'TYPE_NARROWED /items/1 /additionalItems',
  ],
  [
    'a branch more',
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    { anyOf: [{ type: 'string' }] },
    undefined,
    'UNION_NARROWED /anyOf/1 ',
  ],
  [
    'a list of types as branches',
    { type: ['string', 'null'] },
    { oneOf: [{ type: 'null' }, { type: 'string' }] },
    undefined,
    undefined,
  ],
  [
    'a part less',
    { allOf: [{ minimum: 1 }] },
    { allOf: [{ minimum: 1 }, { maximum: 5 }] },
    undefined,
    'LIMIT_NARROWED /allOf/0 /allOf/1/maximum',
  ],
  [
    'a pattern for a list of values that match it',
    { pattern: '^a' },
    { enum: ['ab', 'a'] },
    undefined,
    'ENUM_ADDED  /enum',
  ],
  ['a condition', { not: { type: 'null' } }, {}, 'CONDITION_CHANGED /not ', undefined],
];

for (const [title, newSchema, old, backward, forward] of cases) {
  test(`JSON Schema, ${title}: BACKWARD ${backward ?? 'compatible'}, FORWARD ${forward ?? 'compatible'}`, () => {
    const text = (schema: unknown) => (typeof schema === 'string' ? JSON.parse(schema) : schema);
    if (typeof newSchema === 'string' && typeof old === 'string') {
      const answer = checkJsonSchemaCompatibility({ mode: 'FORWARD', newSchema, previous: [old] });
      assert.equal(answer.compatible, false);
      return;
    }
    assert.deepEqual(faults('BACKWARD', text(newSchema), text(old)), backward ? [backward] : []);
    assert.deepEqual(faults('FORWARD', text(newSchema), text(old)), forward ? [forward] : []);
  });
}

test('references are followed on both sides, circular ones too', () => {
  const tree = (value: object) => ({
    definitions: { node: object({ value, next: { $ref: '#/definitions/node' } }, closed) },
    $ref: '#/definitions/node',
  });
  assert.deepEqual(faults('FULL', tree({ type: 'string' }), tree({ type: 'string' })), []);
  assert.deepEqual(faults('BACKWARD', tree({ type: 'integer' }), tree({ type: 'number' })), [
    'TYPE_NARROWED /definitions/node/properties/value/type /definitions/node/properties/value',
  ]);
  const named = (type: string) => ({
    definitions: { n: { $id: '#n', type } },
    items: { $ref: '#n' },
  });
  assert.deepEqual(faults('BACKWARD', named('integer'), named('number')), [
    'TYPE_NARROWED /definitions/n/type /definitions/n',
  ]);
  assert.throws(() => faults('BACKWARD', { $ref: 'other.json' }, {}), { code: 'invalid-schema' });
});

test('a reference may name its own definition', () => {
  const of = ($ref: string, type: string) => ({
    ...seven,
    ...{ $id: 'http://example.com/s.json', definitions: { n: { $id: 'n.json', type } } },
    properties: { a: { $ref } },
  });
  for (const $ref of [
    'http://example.com/s.json#/definitions/n',
    's.json#/definitions/n',
    '#/definitions/n',
    'n.json',
    'n.json#',
  ]) {
    assert.deepEqual(faults('FULL', of($ref, 'string'), of($ref, 'string')), [], $ref);
    assert.deepEqual(faults('BACKWARD', of($ref, 'string'), of($ref, 'number')), [
      'TYPE_NARROWED /definitions/n/type /definitions/n',
    ]);
  }
  const anchored = (type: string) => ({
    properties: { a: { $ref: '#n' } },
    definitions: { n: { id: '#n', type } },
  });
  assert.equal(faults('BACKWARD', anchored('string'), anchored('number')).length, 1);
});

test('keywords beside a reference count since draft 2019-09', () => {
  const of = ($schema: string | undefined, rest: object) => ({
    ...{ $schema, $defs: { n: { type: 'number' } } },
    properties: { a: { $ref: '#/$defs/n', ...rest } },
  });
  const latest = 'https://json-schema.org/draft/2020-12/schema';
  assert.deepEqual(faults('BACKWARD', of(latest, { minimum: 5 }), of(latest, {})), [
    'LIMIT_NARROWED /properties/a/minimum /$defs/n',
  ]);
  assert.deepEqual(faults('BACKWARD', of(latest, { title: 'a' }), of(latest, {})), []);
  assert.deepEqual(faults('BACKWARD', of(latest, {}), of(latest, { minimum: 5 })), []);
  assert.deepEqual(faults('BACKWARD', of(undefined, { minimum: 5 }), of(undefined, {})), []);
});

test('names that every object inherits are compared like others', () => {
  const text = { type: 'string' };
  for (const name of Object.getOwnPropertyNames(Object.prototype)) {
    const [one] = Object.entries({ a: text }).map(([, schema]) =>
      Object.fromEntries([[name, schema]]),
    );
    for (const keyword of ['properties', 'patternProperties']) {
      const [type] = faults('BACKWARD', { [keyword]: one }, {});
      assert.match(String(type), /^(?:PROPERTY_ADDED_TO_OPEN_SCHEMA|TYPE_NARROWED) /, name);
      assert.notDeepEqual(
        faults('BACKWARD', { additionalProperties: { type: 'number' } }, { [keyword]: one }),
        [],
        name,
      );
      assert.deepEqual(faults('FULL', { [keyword]: one }, { [keyword]: one }), []);
    }
    const ref = { definitions: {}, properties: { a: { $ref: `#/definitions/${name}` } } };
    assert.throws(() => faults('BACKWARD', ref, object({ a: text })), { code: 'invalid-schema' });
  }
});

test('an error names the place that cannot be compared', () => {
  const open = object({ a: { type: 'string' } });
  for (const [schema, message] of [
    [object({ a: { $ref: 5 } }), /at '\/properties\/a\/\$ref': expected a string/],
    [object({ a: { $id: {} } }), /at '\/properties\/a\/\$id': expected a string/],
    [object({ a: { $ref: '#/%' } }), /at '\/properties\/a\/\$ref': the reference has no target/],
    [object({ a: { $ref: 'x' } }), /at '\/properties\/a\/\$ref': the reference has no target/],
    [[], /at '': expected an object or a boolean/],
    [object({ type: 'object' }), /at '\/properties\/type': expected a schema/],
    [object({ minimum: 2 }), /at '\/properties\/minimum': expected a schema/],
    [{ patternProperties: { a: 'x' } }, /at '\/patternProperties\/a': expected a schema/],
    [
      object({ a: { type: 'strin' } }),
      /at '\/properties\/a\/type': expected a type of JSON Schema/,
    ],
    [object({ a: { exclusiveMaximum: 'x' } }), /exclusiveMaximum': expected true or false/],
    [
      object({ a: { $ref: '#/definitions/n' } }, { definitions: { n: 5 } }),
      /at '\/properties\/a\/\$ref': the reference has no target/,
    ],
  ] as const) {
    assert.throws(() => faults('BACKWARD', schema, open), { code: 'invalid-schema', message });
    assert.throws(() => faults('FORWARD', open, schema), { code: 'invalid-schema', message });
  }
  // Valid in one of the two drafts that a definition without `$schema` may have.
  for (const exclusiveMaximum of [true, 5]) {
    assert.deepEqual(faults('NONE', object({ a: { exclusiveMaximum } })), []);
  }
});

test('a reference that leads to itself matches no value, as no value can be written by it', () => {
  const circular = [
    { $ref: '#' },
    {
      $ref: '#/definitions/a',
      definitions: { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } },
    },
  ];
  for (const schema of circular) {
    assert.deepEqual(faults('BACKWARD', { type: 'object' }, schema), []);
    assert.notDeepEqual(faults('FORWARD', { type: 'object' }, schema), []);
    assert.notDeepEqual(faults('BACKWARD', schema, { type: 'object' }), []);
    const inside = object({ a: schema }, { definitions: schema.definitions ?? {} });
    assert.deepEqual(faults('FULL', inside, inside), []);
  }
});

test('a reader whose branch leads back to itself is not proven to accept a value', () => {
  const text = { type: 'string' };
  const loop = { $ref: '#/definitions/loop' };
  for (const reader of [
    { anyOf: [{ $ref: '#' }, text] },
    { anyOf: [{ anyOf: [{ $ref: '#' }] }, text] },
    { allOf: [{ anyOf: [{ $ref: '#' }, text] }] },
    { anyOf: [{ not: { allOf: [{ $ref: '#' }] } }, text] },
    { anyOf: [loop, text], definitions: { loop } },
  ]) {
    assert.notDeepEqual(faults('BACKWARD', reader, text), [], JSON.stringify(reader));
    assert.deepEqual(faults('BACKWARD', reader, reader), []);
  }
  const list = { anyOf: [text, { type: 'array', items: { $ref: '#' } }] };
  assert.deepEqual(faults('BACKWARD', list, text), []);
});

test('a definition of both drafts is compared under those in which its references have targets', () => {
  const onlyIn04 = { type: 'object', if: { $ref: 'missing.json' }, else: {} };
  assert.deepEqual(faults('FULL', onlyIn04, { type: 'object' }), []);
  assert.notDeepEqual(faults('BACKWARD', { type: 'string' }, onlyIn04), []);
});

test('an error names the previous version that is at fault', () => {
  const previous = ['{}', '{"$ref":"missing.json"}'];
  assert.throws(
    () => checkJsonSchemaCompatibility({ mode: 'BACKWARD_ALL', newSchema: '{}', previous }),
    {
      code: 'invalid-schema',
      message: /^previous\[1\]: unusable schema: at '\/\$ref': the reference has no target/,
    },
  );
});

test('an invalid pattern is compared by its text', () => {
  for (const pattern of ['\\p{Alpha}', '[a-z&&[^b]]', '[', '\\h', 'a\\']) {
    const one = { patternProperties: { [pattern]: { type: 'string' } } };
    const named = { ...one, properties: { x: { type: 'number' } }, additionalProperties: false };
    assert.deepEqual(faults('FULL', one, one), [], pattern);
    assert.deepEqual(faults('FULL', named, named), [], pattern);
    assert.notDeepEqual(faults('BACKWARD', { patternProperties: { [pattern]: false } }, one), []);
  }
});

test('annotations are ignored', () => {
  const annotated = object({ a: { type: 'string', 'x-ui': { $ref: 5, $id: {} } } });
  assert.deepEqual(faults('FULL', annotated, object({ a: { type: 'string' } })), []);
});

test('definitions that share parts many times are compared completely', () => {
  const shared = (keyword: (ref: object) => object, last: string) => {
    const definitions: Record<string, object> = { n60: { type: last } };
    for (let level = 0; level < 60; level += 1) {
      definitions[`n${level}`] = keyword({ $ref: `#/definitions/n${level + 1}` });
    }
    return { definitions, $ref: '#/definitions/n0' };
  };
  for (const keyword of [
    (ref: object) => object({ a: ref, b: ref }),
    (ref: object) => ({ allOf: [ref, ref] }),
    (ref: object) => ({ items: [ref, ref], additionalItems: ref }),
  ]) {
    assert.deepEqual(faults('FULL', shared(keyword, 'integer'), shared(keyword, 'integer')), []);
    assert.deepEqual(faults('BACKWARD', shared(keyword, 'number'), shared(keyword, 'integer')), []);
    assert.notDeepEqual(faults('FULL', shared(keyword, 'number'), shared(keyword, 'null')), []);
  }
});

test('every mode compares its versions, in its directions', () => {
  const wide = { type: ['string', 'null', 'integer'] };
  const middle = { type: ['string', 'null'] };
  const verdicts = (newSchema: unknown, ...previous: unknown[]) =>
    (
      [
        'NONE',
        'BACKWARD',
        'BACKWARD_ALL',
        'FORWARD',
        'FORWARD_ALL',
        'FULL',
        'FULL_ALL',
        'DISABLED',
      ] as const
    )
      .map((mode) => Number(faults(mode, newSchema, ...previous).length === 0))
      .join('');
  assert.equal(verdicts(middle, wide, middle), '11011100');
  assert.equal(verdicts(wide, middle, wide), '11110100');
  assert.equal(verdicts(wide), '11111111');
});

test('comparing nested branches that refer to each other ends', () => {
  const knot = (type: string) => ({
    definitions: {
      n: {
        type: 'array',
        anyOf: [1, 2, 3].map((minItems) => ({ minItems, items: { $ref: '#/definitions/n' } })),
        maxItems: type.length,
      },
    },
    $ref: '#/definitions/n',
  });
  assert.ok(faults('BACKWARD', knot('a'), knot('bb')).length > 0);
});

test('a oneOf with branches that overlap must not change', () => {
  const text = { type: 'string' };
  const [integer, number] = [{ type: 'integer' }, { type: 'number' }];
  const pair = { oneOf: [integer, text] };
  const either = object({}, { required: ['a'] });
  const or = object({}, { required: ['b'] });
  for (const [newSchema, old] of [
    [{ oneOf: [integer, { type: ['string', 'integer'] }] }, pair],
    [{ oneOf: [integer, text, number] }, pair],
    [{ oneOf: [integer, number] }, integer],
    [{ oneOf: [integer, number] }, { anyOf: [integer, number] }],
    [{ oneOf: [either, object({})] }, { oneOf: [either, or] }],
  ]) {
    assert.deepEqual(
      faults('BACKWARD', newSchema, old).map((line) => line.split(' ')[0]),
      faults('BACKWARD', newSchema, old).map(() => 'CONDITION_CHANGED'),
    );
    assert.notDeepEqual(faults('BACKWARD', newSchema, old), []);
  }
  assert.deepEqual(faults('BACKWARD', { oneOf: [either, or, text] }, { oneOf: [either, or] }), []);
  const kept = (rest: object) => ({ oneOf: [either, { title: 'b', ...or }], ...rest });
  assert.deepEqual(faults('BACKWARD', kept({ title: 'x' }), kept({ maxProperties: 2 })), []);
  assert.deepEqual(faults('BACKWARD', kept({ maxProperties: 2 }), kept({})), [
    'LIMIT_NARROWED /maxProperties /oneOf/0',
    'LIMIT_NARROWED /maxProperties /oneOf/1',
  ]);
});

test('an unchanged oneOf is compatible beside other keywords', () => {
  const oneOf = [{ required: ['a'] }, { required: ['b'] }];
  for (const schema of [
    { allOf: [{ oneOf }] },
    object({ x: { allOf: [{ oneOf }, { minProperties: 1 }] } }),
    { ...object({ a: { type: 'string' } }), oneOf },
  ]) {
    assert.deepEqual(faults('FULL', { ...schema, title: 'x' }, schema), []);
  }
});

test('in a oneOf whose branches do not overlap, a branch may be widened or added', () => {
  const event = (kind: string, rest: object = {}) =>
    object({ kind: { const: kind }, ...rest }, { required: ['kind'] });
  const old = { ...seven, oneOf: [event('made', id), event('paid')] };
  const wider = {
    ...seven,
    definitions: { made: event('made', { id: { type: ['string', 'null'] } }) },
    oneOf: [{ $ref: '#/definitions/made' }, event('paid'), event('sent'), { type: 'null' }],
  };
  assert.deepEqual(faults('BACKWARD', wider, old), []);
  assert.deepEqual(faults('BACKWARD', { ...wider, type: ['object', 'null'] }, old), []);
  assert.notDeepEqual(faults('FORWARD', wider, old), []);
  const lists = { oneOf: [{ enum: ['a', 1] }, { enum: ['b'] }] };
  assert.deepEqual(faults('BACKWARD', lists, { enum: ['b', 'a'] }), []);
  const byName = {
    oneOf: [
      object({}, { required: ['a'] }),
      object({ b: {} }, closed),
      { anyOf: [{ type: 'null' }, { type: 'array' }] },
    ],
  };
  assert.deepEqual(faults('BACKWARD', byName, { type: ['null', 'array'] }), []);
  assert.deepEqual(faults('BACKWARD', byName, object({ b: { type: 'null' } }, closed)), []);
  // Draft-04 has no const: both branches accept every object with a kind.
  const { $schema: _draft, ...unnamed } = wider;
  assert.notDeepEqual(faults('BACKWARD', unnamed, event('made', id)), []);
});

test('a condition has changed if the target of its reference has', () => {
  for (const [keyword, rest] of [
    ['not', {}],
    ['if', Object.fromEntries([['then', { maxItems: 1 }]])],
    ['contains', {}],
  ] as const) {
    const of = (type: string, title?: string) => ({
      ...{ ...seven, title },
      definitions: { a: { items: { $ref: '#/definitions/b' } }, b: { type } },
      properties: { x: { [keyword]: { allOf: [{ $ref: '#/definitions/a' }] }, ...rest } },
    });
    assert.deepEqual(faults('FULL', of('string', 'x'), of('string')), []);
    assert.equal(faults('BACKWARD', of('string'), of('integer')).length, 1, keyword);
  }
});

test('schemas that differ in annotations are compatible, whatever their keywords are', () => {
  const strange = { enum: ['a', 'b'], minLength: 2 };
  assert.deepEqual(faults('FULL', strange, { minLength: 2, enum: ['a', 'b'] }), []);
  assert.deepEqual(faults('FULL', { ...strange, title: 'x' }, strange), []);
});

// tests/fuzz draws more of them.
test('if schemas are compatible, the reader accepts every value that the writer accepts', () => {
  const compared = checkJsonVerdicts({ runs: 40, seed: 20_261_130 });
  assert.ok(compared > 100, `${compared} values compared`);
});
