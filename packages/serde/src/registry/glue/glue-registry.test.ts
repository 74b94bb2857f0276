import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createGlueRegistry, type GlueRegistryOptions } from './glue-registry.ts';

/**
 * Tests answers that glue-local does not give, with a server that speaks AWS JSON 1.1. The usual behaviour and an
 * unavailable registry are tested with glue-local in tests/integration/registry-*.test.ts.
 */
interface Answer {
  status?: number;
  body?: object;
}
type Answers = Record<string, Answer | ((call: number, input: never) => Answer)>;

const notFound = (message: string): Answer => ({
  status: 400,
  body: { __type: 'EntityNotFoundException', Message: message },
});
const failing = (type: string, status = 400): Answer => ({
  status,
  body: { __type: type, Message: 'in its own words' },
});
const unknownSchema = notFound(
  'Schema is not found. RegistryName: r, SchemaName: s, SchemaArn: null',
);
const unknownVersion = notFound('Schema version is not found. RegistryName: r, SchemaName: s');
const id = 'b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63';
const definition = '"string"';
const version = (status: string) => ({
  body: {
    SchemaVersionId: id,
    SchemaDefinition: definition,
    DataFormat: 'AVRO',
    SchemaArn: 'arn:aws:glue:us-east-1:0:schema/r/s',
    VersionNumber: 2,
    Status: status,
  },
});

/** AssumeRole of STS. The keys of the role are numbered by request. */
async function startSts(context: TestContext) {
  const requests: { body: string; authorization: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = await request.toArray();
    const body = Buffer.concat(chunks).toString();
    requests.push({ body, authorization: String(request.headers.authorization) });
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ROLE${requests.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
      <Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
    delete process.env.AWS_ENDPOINT_URL_STS;
  });
  const { port } = server.address() as AddressInfo;
  process.env.AWS_ENDPOINT_URL_STS = `http://127.0.0.1:${port}`;
  return requests;
}

async function registryThat(
  context: TestContext,
  answers: Answers,
  options: Partial<GlueRegistryOptions> = {},
) {
  const calls: string[] = [];
  const authorizations: string[] = [];
  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).replace('AWSGlue.', '');
    calls.push(action);
    authorizations.push(String(request.headers.authorization));
    const chunks: Buffer[] = await request.toArray();
    const given = answers[action] ?? {};
    const count = calls.filter((call) => call === action).length;
    const input = JSON.parse(Buffer.concat(chunks).toString()) as never;
    const answer = typeof given === 'function' ? given(count, input) : given;
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const registry = createGlueRegistry({
    registryName: 'r',
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...options,
  });
  context.after(() => {
    registry.close();
    server.closeAllConnections();
    server.close();
  });
  return {
    registry,
    endpoint,
    calls,
    authorizations,
    byDefinition: () => registry.schemaByDefinition('s', 'AVRO', definition),
  };
}

test('S0-07 an existing registry is looked up and not created', async (context) => {
  const { registry, calls } = await registryThat(context, {});
  await registry.ensureRegistry();
  await registry.ensureRegistry();
  assert.deepEqual(calls, ['GetRegistry']);
});

test('S0-07 a missing registry is created', async (context) => {
  const answers = { GetRegistry: notFound('Registry is not found.') };
  const { registry, calls } = await registryThat(context, answers);
  await registry.ensureRegistry();
  assert.deepEqual(calls, ['GetRegistry', 'CreateRegistry']);
});

test('S0-07 a registry that another process has just created is success', async (context) => {
  const { registry } = await registryThat(context, {
    GetRegistry: notFound('Registry is not found.'),
    CreateRegistry: failing('AlreadyExistsException'),
  });
  await registry.ensureRegistry();
});

test('S0-07 any other error of the lookup or the creation is thrown', async (context) => {
  const missing = { GetRegistry: notFound('Registry is not found.') };
  for (const [answers, code] of [
    [{ GetRegistry: failing('AccessDeniedException') }, 'registry-access'],
    [{ GetRegistry: failing('InvalidInputException') }, 'registry-request'],
    [{ GetRegistry: failing('InternalServiceException', 500) }, 'registry-unavailable'],
    [
      { ...missing, CreateRegistry: failing('ResourceNumberLimitExceededException') },
      'registry-request',
    ],
    [
      { ...missing, CreateRegistry: failing('ConcurrentModificationException') },
      'registry-unavailable',
    ],
  ] as const) {
    const { registry } = await registryThat(context, answers);
    await assert.rejects(registry.ensureRegistry(), { code, message: /in its own words/ });
  }
});

test('the definition becomes a version of a schema that another process has just created', async (context) => {
  const { byDefinition, calls } = await registryThat(
    context,
    {
      GetSchemaByDefinition: unknownSchema,
      CreateSchema: failing('AlreadyExistsException'),
      RegisterSchemaVersion: version('AVAILABLE'),
    },
    { autoRegistration: true },
  );
  const { schemaVersionId, versionNumber } = await byDefinition();
  assert.deepEqual([schemaVersionId, versionNumber], [id, 2]);
  assert.deepEqual(calls, [
    'GetSchemaByDefinition',
    'GetRegistry',
    'CreateSchema',
    'RegisterSchemaVersion',
  ]);
});

test('a version is polled while it is PENDING', async (context) => {
  const { byDefinition, calls } = await registryThat(
    context,
    {
      GetSchemaByDefinition: unknownVersion,
      RegisterSchemaVersion: version('PENDING'),
      GetSchemaVersion: (call) => version(call < 3 ? 'PENDING' : 'AVAILABLE'),
    },
    { autoRegistration: true },
  );
  assert.equal((await byDefinition()).schemaVersionId, id);
  assert.equal(calls.filter((call) => call === 'GetSchemaVersion').length, 3);
});

test('FAILURE, at once or after PENDING, is refused with the message of the official libraries', async (context) => {
  const reason = `Schema evolution check failed. schemaVersionId ${id} is in FAILURE status.`;
  for (const first of ['FAILURE', 'PENDING']) {
    const { byDefinition } = await registryThat(
      context,
      {
        GetSchemaByDefinition: unknownVersion,
        RegisterSchemaVersion: version(first),
        GetSchemaVersion: version('FAILURE'),
      },
      { autoRegistration: true },
    );
    const refusal = { code: 'schema-refused', retryable: false, versionNumber: 2, reason };
    await assert.rejects(byDefinition(), refusal);
  }
});

test('a version is registered without the permission to read the data format of the schema', async (context) => {
  const definition = '{"type":"string"}';
  const answers = (GetSchema: Answer) => ({
    ...{ GetSchemaByDefinition: unknownVersion, GetSchema },
    RegisterSchemaVersion: version('AVAILABLE'),
  });
  for (const [answer, code] of [
    [failing('AccessDeniedException'), undefined],
    [failing('AccessDeniedException', 403), undefined],
    [{ body: { DataFormat: 'JSON' } }, 'schema-refused'],
    [failing('UnrecognizedClientException'), 'registry-access'],
    [failing('InternalServiceException', 500), 'registry-unavailable'],
  ] as const) {
    const { registry, calls } = await registryThat(context, answers(answer), {
      autoRegistration: true,
    });
    const registered = registry.schemaByDefinition('s', 'AVRO', definition);
    if (code !== undefined) await assert.rejects(registered, { code });
    else {
      assert.equal((await registered).versionNumber, 2);
      assert.deepEqual(calls, ['GetSchemaByDefinition', 'GetSchema', 'RegisterSchemaVersion']);
    }
  }
});

test('an invalid definition is refused with the message of the registry', async (context) => {
  const { byDefinition } = await registryThat(
    context,
    { GetSchemaByDefinition: unknownSchema, CreateSchema: failing('InvalidInputException') },
    { autoRegistration: true },
  );
  await assert.rejects(byDefinition(), { code: 'schema-refused', reason: 'in its own words' });
});

test('a version whose metadata cannot be stored is usable', async (context) => {
  const { registry, calls } = await registryThat(
    context,
    {
      GetSchemaByDefinition: unknownVersion,
      RegisterSchemaVersion: version('AVAILABLE'),
      PutSchemaVersionMetadata: failing('AccessDeniedException'),
    },
    { autoRegistration: true, metadata: { team: 'orders' } },
  );
  assert.ok(await registry.schemaByDefinition('s', 'AVRO', definition, 'orders'));
  assert.equal(calls.filter((call) => call === 'PutSchemaVersionMetadata').length, 2);
});

test('a registry that does not exist is unavailable, and is asked again by the next call', async (context) => {
  let up = false;
  const { registry } = await registryThat(context, {
    GetSchemaVersion: () => (up ? version('AVAILABLE') : failing('InternalServiceException', 500)),
  });
  await assert.rejects(registry.schemaById(id), { code: 'registry-unavailable' });
  up = true;
  assert.equal((await registry.schemaById(id)).schemaVersionId, id);

  const nowhere = createGlueRegistry({
    registryName: 'r',
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await assert.rejects(nowhere.schemaById(id), { code: 'registry-unavailable', retryable: true });
  await assert.rejects(nowhere.check(), { code: 'registry-unavailable' });
  nowhere.close();
});

test('an unknown version is requested once in a burst', async (context) => {
  const { registry, calls } = await registryThat(context, { GetSchemaVersion: unknownVersion });
  for (let i = 0; i < 3; i++) {
    await assert.rejects(registry.schemaById(id), { code: 'unknown-schema', schemaVersionId: id });
  }
  assert.equal(calls.length, 1);
});

test('a version of an unsupported data format is undecodable', async (context) => {
  const json = { body: { ...version('AVAILABLE').body, DataFormat: 'THRIFT' } };
  const { registry } = await registryThat(context, { GetSchemaVersion: json });
  await assert.rejects(registry.schemaById(id), { code: 'invalid-schema' });
});

test('check only finds out whether the registry answers this caller', async (context) => {
  for (const [answer, code] of [
    [{}, undefined],
    [notFound('Registry is not found.'), undefined],
    [failing('AccessDeniedException'), undefined],
    [failing('UnrecognizedClientException'), 'registry-access'],
    [failing('InternalServiceException', 500), 'registry-unavailable'],
  ] as const) {
    const { registry } = await registryThat(context, { GetRegistry: answer });
    if (code === undefined) await registry.check();
    else await assert.rejects(registry.check(), { code });
  }
});

test('a missing region is an access error, not an outage', async (context) => {
  const region = async () => Promise.reject(new Error('Region is missing'));
  const { registry } = await registryThat(context, {}, { clientConfig: { region } });
  await assert.rejects(registry.schemaById(id), { code: 'registry-access', retryable: false });
});

test('an empty region, endpoint or role counts as not given', async (context) => {
  const { registry, endpoint, authorizations } = await registryThat(
    context,
    { GetSchemaVersion: version('AVAILABLE') },
    { region: '', endpoint: '', assumeRoleArn: '' },
  );
  const names = ['AWS_REGION', 'AWS_ENDPOINT_URL_GLUE'] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  context.after(() => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });
  Object.assign(process.env, { AWS_REGION: 'eu-west-3', AWS_ENDPOINT_URL_GLUE: endpoint });
  assert.equal((await registry.schemaById(id)).schemaVersionId, id);
  assert.match(String(authorizations), /^AWS4-HMAC-SHA256 Credential=test\/\d+\/eu-west-3\//);
});

test('a pendingTimeoutMs of 0 does not wait, and Infinity waits without a limit', async (context) => {
  const answers = (pending: number): Answers => ({
    GetSchemaByDefinition: version('PENDING'),
    GetSchemaVersion: (call) => version(call <= pending ? 'PENDING' : 'AVAILABLE'),
  });
  const impatient = await registryThat(context, answers(1), { pendingTimeoutMs: 0 });
  await assert.rejects(impatient.byDefinition(), { code: 'schema-pending', retryable: true });
  assert.deepEqual(impatient.calls, ['GetSchemaByDefinition']);
  const patient = await registryThat(context, answers(1), { pendingTimeoutMs: Infinity });
  assert.equal((await patient.byDefinition()).schemaVersionId, id);
});

test('a role is assumed once for many calls of the registry', async (context) => {
  const sts = await startSts(context);
  const assumeRoleArn = 'arn:aws:iam::123456789012:role/schemas';
  const { registry, authorizations } = await registryThat(
    context,
    { GetSchemaVersion: version('AVAILABLE') },
    { assumeRoleArn },
  );
  await registry.schemaById(id);
  await registry.check();
  assert.equal(sts.length, 1);
  const [{ body, authorization }] = sts as [{ body: string; authorization: string }];
  assert.equal(new URLSearchParams(body).get('RoleArn'), assumeRoleArn);
  assert.match(authorization, /Credential=test\//);
  for (const one of authorizations) assert.match(one, /Credential=ROLE1\//);
});

test('the latest version is refreshed in the background after five minutes', async (context) => {
  let nowMs = 0;
  context.mock.method(performance, 'now', () => nowMs);
  const { registry, calls } = await registryThat(context, {
    GetSchemaVersion: (call) => ({
      body: { ...version('AVAILABLE').body, VersionNumber: call },
    }),
  });
  const latest = async () => (await registry.latestSchema('s')).versionNumber;
  assert.deepEqual([await latest(), await latest()], [1, 1]);
  nowMs = 5 * 60_000;
  assert.equal(await latest(), 1);
  while ((await latest()) === 1) await new Promise(setImmediate);
  assert.equal(calls.length, 2);
});

test('the latest version of a record is that of its own schema, whichever names are given', async (context) => {
  const { registry, calls } = await registryThat(context, {
    GetSchemaVersion: version('AVAILABLE'),
  });
  const writer = { schemaVersionId: id, name: 's', dataFormat: 'AVRO' as const, definition };
  assert.equal((await registry.latestVersionOf(writer, ['other'])).name, 's');
  assert.equal((await registry.latestVersionOf(writer)).name, 's');
  assert.equal(calls.length, 1);
  const unnamed = { schemaVersionId: 'other', dataFormat: 'AVRO' as const, definition };
  await assert.rejects(registry.latestVersionOf(unnamed), { code: 'invalid-schema' });
});

test('a record that is newer than the kept answer is not resolved to it, but to a new answer', async (context) => {
  let newest = 1;
  const { registry, calls } = await registryThat(context, {
    GetSchemaVersion: () => ({ body: { ...version('AVAILABLE').body, VersionNumber: newest } }),
  });
  const latest = async (versionNumber: number) => {
    const writer = { dataFormat: 'AVRO' as const, definition, name: 's', versionNumber };
    const schemaVersionId = `version ${versionNumber}`;
    return (await registry.latestVersionOf({ ...writer, schemaVersionId })).versionNumber;
  };
  assert.equal(await latest(1), 1);
  newest = 3;
  assert.deepEqual([await latest(1), await latest(2), await latest(2)], [1, 3, 3]);
  assert.equal(calls.length, 2);
});

test('callers with known schemas do not notice an unavailable registry', async (context) => {
  let up = true;
  const answer = () => (up ? version('AVAILABLE') : failing('InternalServiceException', 500));
  const { registry, byDefinition } = await registryThat(context, {
    GetSchemaVersion: answer,
    GetSchemaByDefinition: answer,
  });
  const known = [await registry.schemaById(id), await byDefinition()];
  up = false;
  let nowMs = performance.now();
  context.mock.method(performance, 'now', () => nowMs);
  for (let i = 0; i < 5; i++) {
    nowMs += 10 * 60_000;
    assert.deepEqual([await registry.schemaById(id), await byDefinition()], known);
  }
  await assert.rejects(registry.latestSchema('s'), { code: 'registry-unavailable' });
});

test('names, numbers and modes are listed page by page', async (context) => {
  const { registry } = await registryThat(context, {
    ListSchemas: (call, { MaxResults }: { MaxResults: number }) => ({
      body:
        call === 1
          ? { Schemas: [{ SchemaName: `a${MaxResults}` }, { SchemaName: 'b' }], NextToken: 'more' }
          : { Schemas: [{ SchemaName: 'c.d' }] },
    }),
    ListSchemaVersions: (call) => ({
      body:
        call === 1
          ? {
              Schemas: [
                { VersionNumber: 4, Status: 'AVAILABLE' },
                { VersionNumber: 3, Status: 'FAILURE' },
              ],
              NextToken: 'more',
            }
          : { Schemas: [{ VersionNumber: 1, Status: 'AVAILABLE' }] },
    }),
    GetSchema: notFound('Schema is not found.'),
  });
  const names = [];
  for await (const name of registry.schemaNames({ pageSize: 23 })) names.push(name);
  assert.deepEqual(names, ['a23', 'b', 'c.d']);
  assert.deepEqual(await registry.versionNumbers('s'), [1, 4]);
  await assert.rejects(registry.compatibilityOf('s'), { code: 'schema-not-registered' });
});
