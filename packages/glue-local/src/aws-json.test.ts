import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { operations } from './service-model.ts';
import { openRegistry } from './testing/open-registry.ts';
import { isPrime, orderSchema } from './testing/start-registry.ts';

const actions = Object.keys(operations);

test('an error has the shape of AWS: 400, __type, Message, the error type header and a request id', async () => {
  await using registry = openRegistry();
  const { response, status, answer } = await registry.call('GetRegistry', {
    RegistryId: { RegistryName: 'customer' },
  });
  assert.equal(status, 400);
  assert.deepEqual(answer, {
    __type: 'EntityNotFoundException',
    Message: 'Registry is not found. RegistryName: customer, RegistryArn: null',
  });
  assert.equal(response.headers['x-amzn-errortype'], 'EntityNotFoundException');
  assert.match(String(response.headers['x-amzn-requestid']), /^[0-9a-f-]{36}$/);
  assert.equal(response.headers['content-type'], 'application/x-amz-json-1.1');
});

test('an unknown operation, content type or target is UnknownOperationException', async () => {
  await using registry = openRegistry();
  for (const [action, headers] of [
    ['DropEverything', {}],
    ['constructor', {}],
    ['__proto__', {}],
    ['ListRegistries', { 'content-type': 'application/json' }],
    ['ListRegistries', { 'x-amz-target': 'DynamoDB_20120810.ListTables' }],
    ['ListRegistries', { 'x-amz-target': '' }],
  ] as const) {
    const { status, answer } = await registry.call(action, {}, headers);
    assert.deepEqual([status, answer.__type], [400, 'UnknownOperationException']);
  }
});

test('a body that is not a JSON object is SerializationException', async () => {
  await using registry = openRegistry();
  for (const body of ['{', '[]', '1', 'null', '"RegistryName"']) {
    const { status, answer } = await registry.call('CreateRegistry', body);
    assert.deepEqual([status, answer.__type], [400, 'SerializationException'], body);
  }
});

test('a definition that is not one of its format is InvalidInputException', async () => {
  await using registry = openRegistry();
  const schema = { SchemaName: 's', DataFormat: 'AVRO', SchemaDefinition: '{"a' };
  const { answer } = await registry.call('CreateSchema', schema);
  assert.match(answer.Message, /^Schema definition of AVRO data format is invalid: /);
});

test('a definition of 170 000 characters is accepted', async () => {
  await using registry = openRegistry();
  const empty = JSON.stringify({ type: 'string', note: '' });
  const SchemaDefinition = JSON.stringify({
    type: 'string',
    note: '\u{1f600}'.repeat(170_000 - empty.length),
  });
  const { status } = await registry.call('CreateSchema', {
    SchemaName: 's',
    DataFormat: 'AVRO',
    Compatibility: 'NONE',
    SchemaDefinition,
  });
  assert.equal(status, 200);
});

test('schemas nested too deeply are rejected, and deep ones and cycles are compared', async () => {
  await using registry = openRegistry();
  const SchemaId = { RegistryName: 'default-registry', SchemaName: 's' };
  const nested = (depth: number) =>
    `${'{"type":"array","items":'.repeat(depth)}"string"${'}'.repeat(depth)}`;
  // Cycles of coprime lengths make 97 × 89 pairs before the first pair repeats.
  const cycle = (length: number, at = 0): object | string =>
    at === length
      ? 'R0'
      : { type: 'record', name: `R${at}`, fields: [{ name: 'next', type: cycle(length, at + 1) }] };
  const create = await registry.call('CreateSchema', {
    ...{ SchemaName: 's', DataFormat: 'AVRO', Compatibility: 'BACKWARD' },
    SchemaDefinition: JSON.stringify(cycle(97)),
  });
  assert.equal(create.status, 200);
  const definitions = [nested(5000), '['.repeat(100_000)];
  for (const SchemaDefinition of definitions) {
    const { status, answer } = await registry.call('RegisterSchemaVersion', {
      SchemaId,
      SchemaDefinition,
    });
    assert.deepEqual([status, answer.__type], [400, 'InvalidInputException']);
    assert.match(answer.Message, /beyond 1000 levels/);
  }
  for (const SchemaDefinition of [nested(999), JSON.stringify(cycle(89))]) {
    const { answer } = await registry.call('RegisterSchemaVersion', { SchemaId, SchemaDefinition });
    assert.equal(answer.Status, 'FAILURE');
  }
});

test('any request is answered with a result or an error of the API', async () => {
  await using registry = openRegistry();
  await registry.call('CreateRegistry', { RegistryName: 'r' });
  await registry.call('CreateSchema', {
    ...{ RegistryId: { RegistryName: 'r' }, SchemaName: 's', DataFormat: 'AVRO' },
    ...{ Compatibility: 'FULL_ALL', SchemaDefinition: orderSchema() },
  });
  const registryId = fc.record(
    { RegistryName: fc.constantFrom('r', 'q', ''), RegistryArn: fc.string() },
    { requiredKeys: [] },
  );
  const SchemaId = fc.record(
    {
      RegistryName: fc.constantFrom('r', 'q'),
      SchemaName: fc.constantFrom('s', 't'),
      SchemaArn: fc.constantFrom(
        'arn:aws:glue:us-east-1:000000000000:schema/r/s',
        'arn:aws:glue:x',
      ),
    },
    { requiredKeys: ['RegistryName', 'SchemaName'] },
  );
  const members = fc.record(
    {
      RegistryName: fc.string(),
      RegistryId: registryId,
      SchemaId: fc.oneof(SchemaId, fc.jsonValue()),
      SchemaName: fc.string(),
      SchemaVersionId: fc.oneof(fc.uuid(), fc.string()),
      SchemaVersionNumber: fc.record(
        { LatestVersion: fc.boolean(), VersionNumber: fc.integer({ min: -1, max: 9 }) },
        { requiredKeys: [] },
      ),
      DataFormat: fc.constantFrom('AVRO', 'JSON', 'PROTOBUF', 'XML'),
      Compatibility: fc.constantFrom('NONE', 'FULL', 'DISABLED', 'X'),
      SchemaDefinition: fc.oneof(
        fc.json(),
        fc.string(),
        fc.constantFrom(orderSchema(), orderSchema(isPrime)),
      ),
      MetadataKeyValue: fc.jsonValue(),
      MetadataList: fc.jsonValue(),
      TagsToAdd: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue()),
      TagsToRemove: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
      Versions: fc.oneof(fc.constantFrom('1', '2', '2-5', '9-3', '1-99'), fc.string()),
      Description: fc.oneof(fc.string(), fc.jsonValue()),
      FirstSchemaVersionNumber: fc.constantFrom({ VersionNumber: 1 }, { LatestVersion: true }),
      SecondSchemaVersionNumber: fc.constantFrom({ VersionNumber: 1 }, { LatestVersion: true }),
      SchemaDiffType: fc.constantFrom('SYNTAX_DIFF', 'X'),
      Tags: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue()),
      ResourceArn: fc.oneof(
        fc.string(),
        fc.constantFrom('arn:aws:glue:us-east-1:000000000000:schema/r/s', 'arn:aws:glue:x'),
      ),
      MaxResults: fc.integer({ min: -2, max: 120 }),
      NextToken: fc.oneof(fc.string(), fc.constantFrom('WzFd', 'W10', 'WyJhIl0', 'WyJOYU4iXQ')),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...actions),
      fc.oneof(members, fc.jsonValue()),
      async (action, body) => {
        const { status, answer } = await registry.call(action, JSON.stringify(body));
        if (status === 200) return;
        // 409: the checkpoint of a schema cannot be deleted.
        assert.ok([400, 409].includes(status), `${action} ${status} ${answer.Message}`);
        assert.match(answer.__type, /Exception$/);
      },
    ),
    { numRuns: 600 },
  );
});

test('the health route answers, and any other route is not found', async () => {
  await using registry = openRegistry();
  const health = await registry.app.inject('/healthz');
  assert.deepEqual([health.statusCode, health.json().status], [200, 'ok']);
  const other = await registry.app.inject('/_local/schema-versions/none/reasons');
  assert.deepEqual([other.statusCode, other.json().__type], [404, 'UnknownOperationException']);
});
