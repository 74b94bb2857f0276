import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  avroMeaningChanges,
  checkAvroCompatibility,
  checkJsonSchemaCompatibility,
  checkProtobufCompatibility,
} from './compatibility/index.ts';
import {
  avroCodec,
  avroFormat,
  compileAvro,
  createDeserializer,
  createSerializer,
  inferAvro,
  payloadsOf,
  withSnapshot,
} from './index.ts';
import { compileJsonSchema, jsonSchemaFormat } from './json-schema/index.ts';
import { createKafkaHandler, decodeKafkaRecord } from './lambda/kafka-handler.ts';
import { compileProtobuf, protobufFormat } from './protobuf/index.ts';
import { createConfluentRegistry } from './registry/confluent/confluent-registry.ts';
import { createGlueRegistry } from './registry/glue/glue-registry.ts';
import { openRegistry } from './registry/open-registry.ts';

const schema = { schemaId: 1, dataFormat: 'AVRO', definition: '"int"' } as const;
const registry = {
  framing: 'confluent' as const,
  schemaById: async () => schema,
  schemaByDefinition: async () => schema,
  latestSchema: async () => schema,
};
const value = createDeserializer({ registry });
const eachRecord = () => {};
const formats = [avroFormat()];

/** A factory, options that it takes, and options that are nonsense: their name, their value. */
type Row = [
  name: string,
  make: (options: never) => unknown,
  right: object,
  wrong: [string, unknown][],
];
const factories: Row[] = [
  [
    'createSerializer',
    createSerializer,
    { registry, formats, schemaIdIn: 'header', compression: 'none', cacheSize: Infinity },
    [
      ['registry', undefined],
      ['registry', 5],
      ['registry', { ...registry, framing: 'kafka' }],
      ['registry', { framing: 'glue' }],
      ['registry', { ...registry, schemaByDefinition: undefined }],
      ['formats', avroFormat()],
      ['formats', ['AVRO']],
      ['formats', [{ ...avroFormat(), dataFormat: 'avro' }]],
      ['formats', [avroFormat(), avroFormat()]],
      ['schemaName', 'topic'],
      ['schemaIdIn', 'headers'],
      ['compression', 'gzip'],
      ['cacheSize', 0],
      ['cacheSize', '1000'],
    ],
  ],
  [
    'createDeserializer',
    createDeserializer,
    {
      ...{ registry, readerSchema: '"int"', secondary: value, unframed: 'json' },
      ...{ maxInflatedBytes: Infinity, cacheSize: Infinity },
    },
    [
      ['registry', null],
      ['registry', { framing: 'glue' }],
      ['readerSchema', { type: 'string' }],
      ['readerSchema', {}],
      ['readerSchema', { definition: '"int"', references: 5 }],
      ['readerSchema', { definition: '"int"', references: [{ definition: '"int"' }] }],
      ['readerSchema', { definition: '"int"', dataFormat: 'avro' }],
      ['readerSchema', { ...avroCodec('"int"'), format: 'avro' }],
      ['readerSchema', ['"int"']],
      ['readerSchema', null],
      ['secondary', registry],
      ['secondary', { deserialize: value.deserialize }],
      ['unframed', 'JSON'],
      ['unframed', true],
      ['maxInflatedBytes', -1],
      ['maxInflatedBytes', -Infinity],
      ['cacheSize', 1.5],
    ],
  ],
  ...(
    [
      ['avroFormat', avroFormat],
      ['compileAvro', (options: never) => compileAvro('"int"', options)],
      ['avroCodec', (options: never) => avroCodec('"int"', options)],
    ] as const
  ).map(
    ([name, make]): Row => [
      name,
      make,
      { unions: 'tagged', logicalTypes: { timestamp: 'Date', date: undefined } },
      [
        ['unknownProperties', 'reject'],
        ['unions', true],
        ['logicalTypes', 'Date'],
        ['logicalTypes', { timestamp: 'date' }],
        ['logicalTypes', { timestamps: 'Date' }],
        ['logicalTypes', { decimal: 'Date' }],
        ['logicalTypes', new Map([['timestamp', 'Date']])],
      ],
    ],
  ),
  ...(
    [
      ['jsonSchemaFormat', jsonSchemaFormat],
      ['compileJsonSchema', (options: never) => compileJsonSchema('{}', options)],
    ] as const
  ).map(
    ([name, make]): Row => [
      name,
      make,
      { validateOnRead: true, draft: '07' },
      [
        ['validateOnRead', 'yes'],
        ['draft', 7],
        ['draft', '2020'],
      ],
    ],
  ),
  ...(
    [
      ['protobufFormat', protobufFormat],
      [
        'compileProtobuf',
        (options: never) =>
          compileProtobuf({ definition: 'message M {}' }, { framing: 'glue' }, options),
      ],
    ] as const
  ).map(
    ([name, make]): Row => [
      name,
      make,
      { values: 'json', imports: { 'a.proto': '' } },
      [
        ['values', 'JSON'],
        ['fieldNames', 'snake'],
        ['imports', ['a.proto']],
        ['imports', { 'a.proto': { definition: '' } }],
        ['imports', new Map([['a.proto', '']])],
        ['unknownProperties', true],
      ],
    ],
  ),
  [
    'compileProtobuf',
    (options) => compileProtobuf({ definition: 'message M {}' }, options),
    { framing: 'glue' },
    [
      ['framing', undefined],
      ['framing', 'aws'],
      ['readerDefinition', 5],
      ['readerReferences', { 'a.proto': '' }],
    ],
  ],
  [
    'createKafkaHandler',
    createKafkaHandler,
    { value, eachRecord },
    [
      ['value', undefined],
      ['value', registry],
      ['value', { deserialize: value.deserialize }],
      ['key', 'string'],
      ['eachRecord', undefined],
      ['partialBatchResponse', 'true'],
      ['setAside', {}],
      ['onFailure', 'print'],
    ],
  ],
  [
    'createGlueRegistry',
    createGlueRegistry,
    {
      ...{ registryName: 'customer', compatibility: 'FULL_ALL', autoRegistration: true },
      ...{ region: '', endpoint: '', assumeRoleArn: '', pendingTimeoutMs: 0, cacheSize: Infinity },
    },
    [
      ['registryName', undefined],
      ['registryName', ''],
      ['autoRegistration', 'false'],
      ['compatibility', 'backward'],
      ['compatibility', 'BACKWARD_TRANSITIVE'],
      ['tags', { team: 5 }],
      ['metadata', new Map([['team', 'a']])],
      ['clientConfig', Promise.resolve({})],
      ['requestTimeoutMs', '5000'],
      ['pendingTimeoutMs', Number.NaN],
      ['pendingTimeoutMs', -1],
      ['region', 5],
    ],
  ],
  [
    'createConfluentRegistry',
    createConfluentRegistry,
    {
      ...{ url: 'http://127.0.0.1:1', compatibility: 'FULL_ALL', cacheSize: Infinity },
      auth: { username: 'u', password: '', token: undefined },
      references: { 't-value': [{ name: 'a', subject: 'b', version: 1 }] },
    },
    [
      ['url', 'nonsense'],
      ['url', 'localhost:8081'],
      ['url', 'ftp://127.0.0.1'],
      ['url', 'http://%ff@127.0.0.1'],
      ['auth', {}],
      ['auth', { tokn: 'a' }],
      ['auth', { user: 'u', password: 'p' }],
      ['auth', { username: 'u' }],
      ['auth', { username: 'u', password: 5 }],
      ['auth', { username: 'u', password: 'p', token: 't' }],
      ['auth', { username: 'u', password: 'p', realm: 'r' }],
      ['auth', { token: '' }],
      ['auth', { token: Promise.resolve('t') }],
      ['auth', new Map([['token', 't']])],
      ['references', { 't-value': 5 }],
      ['references', { 't-value': ['a'] }],
      ['references', { 't-value': [{ name: 'a', subject: 'b', version: '1' }] }],
      ['references', { 't-value': [{ name: 'a', version: 1 }] }],
      ['references', new Map()],
      ['url', undefined],
      ['url', ''],
      ['auth', 'token'],
      ['requestTimeoutMs', Infinity],
      ['autoRegistration', 'true'],
      ['compatibility', 'DISABLED'],
      ['cacheSize', 0],
    ],
  ],
  [
    'withSnapshot',
    (options) => withSnapshot({ ...registry, source: 'test' }, options),
    { file: '/nonexistent/snapshot.json' },
    [
      ['file', undefined],
      ['onFault', 'ignore'],
    ],
  ],
  [
    'inferAvro',
    (options) => inferAvro([{}], options),
    { name: 'E', namespace: 'a.b', unions: 'tagged' },
    [
      ['name', undefined],
      ['name', 5],
      ['namespace', ['a']],
      ['previous', { definition: '' }],
      ['unions', 'Tagged'],
    ],
  ],
  [
    'payloadsOf',
    (options) => payloadsOf(inferAvro([{}], { name: 'E' }).definition, options),
    { unions: 'tagged' },
    [['unions', true]],
  ],
];

for (const [name, make, right, wrong] of factories)
  test(`${name} refuses options that mean nothing, by name`, () => {
    make(right as never);
    for (const [option, nonsense] of wrong)
      assert.throws(
        () => make({ ...right, [option]: nonsense } as never),
        (error: Error) => {
          assert.match(
            String(error),
            new RegExp(`^TypeError: ${name}: ${option}: expected .+, got `),
          );
          return true;
        },
        `${option} ${JSON.stringify(nonsense)}`,
      );
    const misspelt = `${Object.keys(right)[0]}s`;
    assert.throws(() => make({ ...right, [misspelt]: 5 } as never), {
      name: 'TypeError',
      message: `${name}: ${misspelt} is not an option; did you mean ${misspelt.slice(0, -1)}?`,
    });
    assert.throws(
      () => make({ ...right, somethingElse: null } as never),
      new RegExp(
        `^TypeError: ${name}: somethingElse is not an option; expected one of \\w+, .*\\w$`,
      ),
    );
    make({ ...right, somethingElse: undefined } as never);
    for (const options of [null, new Map(), Promise.resolve({})])
      assert.throws(
        () => make(options as never),
        new RegExp(
          `TypeError: ${name}: expected an object of options, got (?:null|a Map|a Promise)$`,
        ),
      );
  });

test('a question of compatibility that cannot be meant is a TypeError', () => {
  const question = { mode: 'FULL', newSchema: '"int"', previous: ['"int"'] } as const;
  for (const [wrong, message] of [
    [undefined, /^mode: expected one of NONE, .*FULL_ALL$/],
    [{ ...question, mode: undefined }, /^mode: expected one of/],
    [{ ...question, mode: 'backward' }, /^mode: expected one of/],
    [{ ...question, mode: 'BACKWARD_TRANSITIVE' }, /^mode: expected one of/],
    [
      { ...question, previous: '"int"' },
      /^previous: expected an array of texts or \{ definition \}$/,
    ],
    [{ ...question, previous: undefined }, /^previous: expected an array/],
    [{ ...question, previous: [5] }, /^previous: expected an array/],
    [{ ...question, newSchema: undefined }, /^newSchema: expected a text or \{ definition \}$/],
    [{ ...question, newSchema: { type: 'int' } }, /^newSchema: expected a text/],
  ] as const)
    for (const check of [
      checkAvroCompatibility,
      checkJsonSchemaCompatibility,
      checkProtobufCompatibility,
      avroMeaningChanges,
    ])
      assert.throws(() => check(wrong as never), { name: 'TypeError', message });
  assert.equal(checkAvroCompatibility(question).compatible, true);
});

test('arguments beside the options are checked as well', async () => {
  for (const payloads of [undefined, 5, {}])
    assert.throws(
      () => inferAvro(payloads as never, { name: 'E' }),
      /^TypeError: inferAvro: payloads: expected an array, got (?:undefined|a number|an object)$/,
    );
  assert.throws(
    () => withSnapshot(registry as never, { file: 'a' }),
    /^TypeError: withSnapshot: registry: expected a registry with .+source, got an object$/,
  );
  for (const deserializers of [undefined, {}, { value: registry }, { value, key: registry }])
    await assert.rejects(
      decodeKafkaRecord({} as never, deserializers as never),
      /^TypeError: decodeKafkaRecord: (?:value|key): expected a deserializer, got (?:undefined|an object)$/,
    );
});

test('openRegistry refuses a kind of registry that it does not know', async () => {
  await assert.rejects(
    openRegistry({ kind: 'apicurio', url: 'http://127.0.0.1:1' } as never),
    /^TypeError: openRegistry: kind: expected 'glue' or 'confluent', got a string$/,
  );
});

test('openRegistry refuses names that neither it nor the chosen client knows', async () => {
  const settings = { kind: 'confluent', url: 'http://127.0.0.1:1' } as const;
  for (const [more, options, message] of [
    [{ snapshotfile: 'a' }, {}, /snapshotfile is not an option/],
    [{ compatibility: 'NONE' }, {}, /openRegistry: compatibility belongs in the second argument/],
    [{ registryName: 'r' }, {}, /registryName is not an option/],
    [{}, { autoRegister: true }, /openRegistry: autoRegister is not an option/],
    [{}, { autoRegistration: 'true' }, /openRegistry: autoRegistration: expected true or false/],
    [{}, { onSnapshotFault: 5 }, /openRegistry: onSnapshotFault: expected a function/],
  ] as const)
    await assert.rejects(openRegistry({ ...settings, ...more }, options as never), (error) => {
      assert.match(String(error), /^TypeError/);
      assert.match(String(error), message);
      return true;
    });
  const glue = { kind: 'glue', registryName: 'r', description: 'd', credentials: async () => ({}) };
  (await openRegistry({ ...glue, tags: {}, metadata: {} } as never)).close();
});

const choices: [choice: unknown, message: RegExp][] = [
  [undefined, /schema choice: expected an object/],
  [null, /schema choice: expected an object/],
  [new Map([['schema', '"int"']]), /schema choice: expected an object of options, got a Map/],
  ['"int"', /schema choice: expected an object/],
  [{}, /expected either schema, schemaVersionId or useLatestVersion/],
  [{ schema: { type: 'int' } }, /schema: expected the text of a definition or a typed schema/],
  [{ schema: undefined, schemaVersionId: 7 }, /schemaVersionId: expected a text, got a number/],
  [{ schema: '"int"', schemaVersionId: '7' }, /expected either/],
  [{ useLatestVersion: true, schemaVersionId: '7' }, /expected either/],
  [{ useLatestVersion: 'yes' }, /useLatestVersion: expected true or false, got a string/],
  [{ useLatestVersion: false }, /expected either/],
  [{ schema: '"int"', useLatestVersion: '' }, /useLatestVersion: expected true or false/],
  [{ schema: '"int"', useLatestVersion: 0 }, /useLatestVersion: expected true or false/],
  [{ schema: '"int"', useLatestVersion: null }, /useLatestVersion: expected true or false/],
  [{ schema: '"int"', part: Symbol('value') }, /part: expected 'value' or 'key', got a symbol/],
  [{ schema: '"int"', message: Object.create(null) }, /message: expected a text, got an object/],
  [{ schema: Symbol('"int"') }, /schema: expected the text of a definition or a typed schema/],
  [{ schema: Object.create(null) }, /schema: expected the text of a definition or a typed schema/],
  [{ schema: { format: 1, encode: 1 } }, /schema: expected the text of a definition or a typed/],
  [{ schemaVersionId: Symbol('7') }, /schemaVersionId: expected a text, got a symbol/],
  [{ schema: '"int"', uselatestVersion: true }, /did you mean useLatestVersion\?/],
  [{ schema: '"int"', id: 7 }, /id is not an option; expected one of part, message, /],
  [{ schema: '"int"', message: 'M' }, /message is the name of a Protobuf message, .* is AVRO$/],
  [{ schemaVersionId: '7', message: 'M' }, /message is the name of a Protobuf message/],
  [{ useLatestVersion: true, message: 'M' }, /message is the name of a Protobuf message/],
  [{ useLatestVersion: true, latestCompatibilityStrict: 'false' }, /expected true or false/],
  [{ useLatestVersion: true, dataFormat: ['AVRO'] }, /dataFormat: expected 'AVRO'/],
  [{ schema: '"int"', part: 'Value' }, /part: expected 'value' or 'key'/],
  [{ schema: '"int"', dataFormat: 'avro' }, /dataFormat: expected 'AVRO'/],
  [{ schema: '"int"', message: 5 }, /message: expected a text/],
  [{ schemaVersionId: '7', dataFormat: 'AVRO' }, /dataFormat needs a schema/],
  [{ schema: avroCodec('"int"'), dataFormat: 'JSON' }, /dataFormat needs a schema/],
  [{ schema: '"int"', latestCompatibilityStrict: false }, /latestCompatibilityStrict needs/],
];

test('a choice that names no schema, or two, is a TypeError, also after a right one', async () => {
  const serializer = createSerializer({ registry });
  for (const round of [1, 2]) {
    for (const [choice, message] of choices)
      for (const call of [
        serializer.prepare('t', choice as never),
        serializer.serialize('t', 5, choice as never),
      ])
        await assert.rejects(call, (error: Error) => {
          assert.ok(error instanceof TypeError, `${JSON.stringify(choice)}: ${error}`);
          assert.match(error.message, message);
          return true;
        });
    for (const [choice] of choices)
      for (const call of [
        () => serializer.serializeSync('t', 5, choice as never),
        () => serializer.schemaSync('t', choice as never),
      ])
        if (choice === undefined || choice === null)
          assert.throws(call, /^TypeError: schema choice: expected an object of options, got/);
        else assert.equal(call(), undefined);
    for (const topic of [undefined, null, 5, Symbol('t'), Object.create(null)]) {
      const expected = /^TypeError: topic: expected a text, got/;
      await assert.rejects(serializer.prepare(topic, { schema: '"int"' }), expected);
      await assert.rejects(serializer.serialize(topic, 5, { schema: '"int"' }), expected);
      assert.equal(serializer.serializeSync(topic, 5, { schema: '"int"' }), undefined);
    }
    if (round === 2) break;
    for (const right of [
      { schema: '"int"' },
      { schemaVersionId: '7' },
      { useLatestVersion: true },
      { schema: '"int"', headers: {}, id: undefined },
      { useLatestVersion: true, schema: '"int"' },
      { useLatestVersion: true, latestCompatibilityStrict: false },
      { useLatestVersion: true, dataFormat: 'AVRO' },
    ])
      await serializer.serialize('t', 5, right as never);
    for (const topic of ['5', 'null', 'undefined', 'Symbol(t)'])
      await serializer.serialize(topic, 5, { schema: '"int"' });
  }
});

test('a definition that is not a text is a TypeError at once', () => {
  const framing = 'glue';
  for (const definition of [undefined, null, 5, { definition: '"int"' }, ['"int"']])
    for (const [owner, compile] of [
      ['compileAvro', () => compileAvro(definition as never)],
      ['avroCodec', () => avroCodec(definition as never)],
      ['compileJsonSchema', () => compileJsonSchema(definition as never)],
      ['compileProtobuf', () => compileProtobuf({ definition } as never, { framing })],
    ] as const)
      assert.throws(compile, {
        name: 'TypeError',
        message: new RegExp(
          `^${owner}: definition: expected the text of a schema, got (?:an? \\w+|undefined|null)$`,
        ),
      });
  for (const schema of ['message M {}', undefined, null])
    assert.throws(() => compileProtobuf(schema as never, { framing }), {
      name: 'TypeError',
      message: /^compileProtobuf: definition: expected the text of a schema, got undefined$/,
    });
});

test('a reader schema that a function answers is checked as well', async () => {
  const frame = await createSerializer({ registry }).serialize('t', 5, { schema: '"int"' });
  for (const answer of [{ type: 'long' }, 5, null]) {
    const deserializer = createDeserializer({ registry, readerSchema: () => answer as never });
    await assert.rejects(
      deserializer.deserialize(frame),
      /TypeError: answer of readerSchema: readerSchema: expected the text of a definition/,
    );
  }
});
