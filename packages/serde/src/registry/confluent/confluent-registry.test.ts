import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type ConfluentRegistryOptions, createConfluentRegistry } from './confluent-registry.ts';

/**
 * Tests faults with a server that imitates the API. The usual behaviour is tested with Apicurio in tests/registry.
 */
type Answer =
  | { status?: number; body?: unknown; headers?: Record<string, string> }
  | 'silence'
  | 'hang up';
type Answers = Record<string, Answer | ((call: number) => Answer)>;

const definition = '"string"';
const refusal = (status: number, error_code: number): Answer => ({
  status,
  body: { error_code, message: 'in its own words' },
});
const byId = { body: { schema: definition } };

async function registryThat(
  context: TestContext,
  answers: Answers,
  options: Partial<ConfluentRegistryOptions> = {},
) {
  const calls: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const bodies: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    const call = `${request.method} ${request.url}`;
    calls.push(call);
    headers.push(request.headers);
    const chunks: Buffer[] = await request.toArray();
    if (chunks.length > 0) bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
    const given = answers[call] ?? refusal(500, 50001);
    const count = calls.filter((one) => one === call).length;
    const answer = typeof given === 'function' ? given(count) : given;
    if (answer === 'silence') return;
    if (answer === 'hang up') return request.socket.destroy();
    const { status = 200, body = {} } = answer;
    response.writeHead(status, { 'content-type': 'application/json', ...answer.headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${port}/base/`;
  const registry = createConfluentRegistry({ url, ...options });
  return { registry, calls, headers, bodies, port };
}

test('S2-02 an absent schema gets its level, then it is registered', async (context) => {
  const { registry, calls, bodies } = await registryThat(
    context,
    {
      'POST /base/subjects/s': refusal(404, 40401),
      'PUT /base/config/s': { body: { compatibility: 'FULL_TRANSITIVE' } },
      'POST /base/subjects/s/versions': { body: { id: 7 } },
    },
    { autoRegistration: true, compatibility: 'FULL_ALL' },
  );
  const schema = await registry.schemaByDefinition('s', 'AVRO', definition);
  assert.deepEqual(schema, { schemaId: 7, name: 's', dataFormat: 'AVRO', definition });
  assert.deepEqual(calls, [
    'POST /base/subjects/s',
    'PUT /base/config/s',
    'POST /base/subjects/s/versions',
  ]);
  assert.deepEqual(bodies, [
    { schema: definition },
    { compatibility: 'FULL_TRANSITIVE' },
    { schema: definition },
  ]);
});

test('S2-02 another version does not change the level of its subject', async (context) => {
  const { registry, calls } = await registryThat(
    context,
    {
      'POST /base/subjects/s': refusal(404, 40403),
      'POST /base/subjects/s/versions': { body: { id: 8 } },
    },
    { autoRegistration: true },
  );
  assert.equal((await registry.schemaByDefinition('s', 'AVRO', definition)).schemaId, 8);
  assert.deepEqual(calls, ['POST /base/subjects/s', 'POST /base/subjects/s/versions']);
});

test('with auto-registration off an absent schema is not registered', async (context) => {
  const answers = { 'POST /base/subjects/s': refusal(404, 40401) };
  const { registry, calls } = await registryThat(context, answers);
  const refused = { code: 'schema-not-registered', schemaName: 's', retryable: false };
  await assert.rejects(registry.schemaByDefinition('s', 'AVRO', definition), refused);
  assert.equal(calls.length, 1);
});

test('an incompatible or malformed schema is refused with the message of the registry', async (context) => {
  for (const [status, code] of [
    [409, 409],
    [422, 42201],
  ] as const) {
    const { registry } = await registryThat(
      context,
      {
        'POST /base/subjects/s': refusal(404, 40403),
        'POST /base/subjects/s/versions': refusal(status, code),
      },
      { autoRegistration: true },
    );
    await assert.rejects(registry.schemaByDefinition('s', 'AVRO', definition), {
      code: 'schema-refused',
      schemaName: 's',
      reason: 'in its own words',
    });
  }
});

test('a writer uses the version that another writer has just registered', async (context) => {
  const { registry } = await registryThat(
    context,
    {
      'POST /base/subjects/s': (call) =>
        call === 1 ? refusal(404, 40401) : { body: { id: 7, version: 1, subject: 's' } },
      'PUT /base/config/s': refusal(409, 409),
      'POST /base/subjects/s/versions': refusal(409, 409),
    },
    { autoRegistration: true },
  );
  const { schemaId } = await registry.schemaByDefinition('s', 'AVRO', definition);
  assert.equal(schemaId, 7);
});

test('names are escaped in paths, and data formats other than AVRO are sent in the body', async (context) => {
  const { registry, bodies } = await registryThat(context, {
    'POST /base/subjects/a%2Fb.c%20d': { body: { id: 1, version: 3, subject: 'a/b.c d' } },
  });
  const schema = await registry.schemaByDefinition('a/b.c d', 'JSON', '{}');
  assert.equal(schema.versionNumber, 3);
  assert.deepEqual(bodies, [{ schema: '{}', schemaType: 'JSON' }]);
});

test('an id is requested once, by a thousand callers at a time or one after another', async (context) => {
  const { registry, calls } = await registryThat(context, { 'GET /base/schemas/ids/7': byId });
  const answers = await Promise.all(Array.from({ length: 1000 }, () => registry.schemaById('7')));
  assert.equal(new Set(answers).size, 1);
  assert.equal(await registry.schemaById('7'), answers[0]);
  assert.deepEqual(calls, ['GET /base/schemas/ids/7']);
});

test('an unknown id is requested once in a burst', async (context) => {
  const { registry, calls } = await registryThat(context, {
    'GET /base/schemas/ids/9': refusal(404, 40403),
  });
  for (let i = 0; i < 3; i++) {
    const unknown = { code: 'unknown-schema', schemaVersionId: '9' };
    await assert.rejects(registry.schemaById('9'), unknown);
  }
  assert.equal(calls.length, 1);
});

test('a 404 from another kind of server is not taken for an unknown schema', async (context) => {
  for (const body of ['<html>not found</html>', { detail: 'Not Found' }]) {
    const { registry } = await registryThat(context, {
      'GET /base/schemas/ids/7': { status: 404, body },
      'POST /base/subjects/s': { status: 404, body },
    });
    const wrong = { code: 'registry-request', message: /base path/ };
    await assert.rejects(registry.schemaById('7'), wrong);
    await assert.rejects(registry.schemaByDefinition('s', 'AVRO', definition), wrong);
  }
});

test('throttling, 5xx and broken connections are retried, then reported as retryable', async (context) => {
  for (const fault of [refusal(429, 42901), refusal(503, 50302), 'hang up'] as const) {
    const path = 'GET /base/schemas/ids/7';
    const recovering = await registryThat(context, {
      [path]: (call) => (call === 1 ? fault : byId),
    });
    assert.equal((await recovering.registry.schemaById('7')).definition, definition);
    const broken = await registryThat(context, { [path]: fault });
    const unavailable = { code: 'registry-unavailable', retryable: true };
    await assert.rejects(broken.registry.schemaById('7'), unavailable);
    assert.equal(broken.calls.length, 3);
  }
});

test('Retry-After is respected', async (context) => {
  const { registry } = await registryThat(context, {
    'GET /base/schemas/ids/7': (call) =>
      call === 1 ? { status: 429, body: {}, headers: { 'retry-after': '1' } } : byId,
  });
  const started = performance.now();
  await registry.schemaById('7');
  assert.ok(performance.now() - started >= 990);
});

test('a registry that does not answer or does not exist is unavailable, and is asked again by the next call', async (context) => {
  let up = false;
  const { registry } = await registryThat(
    context,
    { 'GET /base/schemas/ids/7': () => (up ? byId : 'silence') },
    { requestTimeoutMs: 50 },
  );
  await assert.rejects(registry.schemaById('7'), { code: 'registry-unavailable', retryable: true });
  up = true;
  assert.equal((await registry.schemaById('7')).schemaId, 7);

  const nowhere = createConfluentRegistry({ url: 'http://127.0.0.1:1' });
  await assert.rejects(nowhere.check(), { code: 'registry-unavailable' });
});

test('credentials are sent by HTTP Basic or as a bearer token, never in the URL', async (context) => {
  const answers = { 'GET /base/schemas/ids/7': byId };
  const basic = `Basic ${Buffer.from('u:p@ss').toString('base64')}`;
  const server = await registryThat(context, answers);
  const url = (user: string) => `http://${user}127.0.0.1:${server.port}/base`;
  for (const [options, expected] of [
    [{ url: url('') }, undefined],
    [{ url: url('u:p%40ss@') }, basic],
    [{ url: url(''), auth: { username: 'u', password: 'p@ss' } }, basic],
    [{ url: url(''), auth: { token: 't1' } }, 'Bearer t1'],
    [{ url: url(''), auth: { token: async () => 't2' } }, 'Bearer t2'],
  ] as const) {
    await createConfluentRegistry(options).schemaById('7');
    assert.equal(server.headers.at(-1)?.authorization, expected);
  }
});

test('rejected credentials are an access error, not an outage', async (context) => {
  for (const status of [401, 403]) {
    const { registry, calls } = await registryThat(context, {
      'GET /base/schemas/types': { status, body: '' },
    });
    await assert.rejects(registry.check(), { code: 'registry-access', retryable: false });
    assert.equal(calls.length, 1);
  }
});

test('the references of a definition are fetched with it, each once and before those that refer to it', async (context) => {
  const reference = (name: string) => ({ name, subject: name, version: 1 });
  const { registry, calls } = await registryThat(context, {
    'GET /base/schemas/ids/7': {
      body: { schema: 'top', references: [reference('left'), reference('right')] },
    },
    'GET /base/subjects/left/versions/1': { body: { schema: 'l', references: [reference('low')] } },
    'GET /base/subjects/right/versions/1': {
      body: { schema: 'r', references: [reference('low')] },
    },
    'GET /base/subjects/low/versions/1': {
      body: { schema: 'low', references: [reference('left')] },
    },
  });
  const { references = [] } = await registry.schemaById('7');
  assert.deepEqual(
    references.map(({ name }) => name),
    ['low', 'left', 'right'],
  );
  assert.deepEqual(references[0], { ...reference('low'), definition: 'low' });
  assert.equal(calls.length, 4);
});

test('an unknown schema type is undecodable, and an answer without a schema is an error', async (context) => {
  const { registry } = await registryThat(context, {
    'GET /base/schemas/ids/7': { body: { schema: 'x', schemaType: 'XSD' } },
    'GET /base/schemas/ids/8': { body: {} },
  });
  await assert.rejects(registry.schemaById('7'), { code: 'invalid-schema', schemaVersionId: '7' });
  await assert.rejects(registry.schemaById('8'), { code: 'registry-request' });
});

test('the latest version of a record is that of its subject, or of the given name where several have its id', async (context) => {
  const version = (id: number) => ({
    body: { id, subject: `s${id}`, version: 3, schema: definition },
  });
  const { registry, calls } = await registryThat(context, {
    'GET /base/schemas/ids/7/versions': { body: [{ subject: 'a-value', version: 1 }] },
    'GET /base/schemas/ids/8/versions': {
      body: [
        { subject: 'a-value', version: 1 },
        { subject: 'a-value', version: 3 },
        { subject: 'b-value', version: 1 },
      ],
    },
    'GET /base/schemas/ids/9/versions': { body: [] },
    'GET /base/schemas/ids/10/versions': refusal(404, 40403),
    'GET /base/schemas/ids/11/versions': { body: [{ subject: 'gone', version: 1 }] },
    'GET /base/subjects/a-value/versions/latest': version(17),
    'GET /base/subjects/b-value/versions/latest': version(18),
    'GET /base/subjects/gone/versions/latest': refusal(404, 40401),
  });
  const latest = async (schemaId: number, ...names: string[]) => {
    const writer = { schemaId, dataFormat: 'AVRO' as const, definition };
    return (await registry.latestVersionOf(writer, names)).schemaId;
  };
  assert.equal(await latest(7), 17);
  assert.equal(await latest(7, 'elsewhere'), 17);
  assert.equal(await latest(8, 'elsewhere', 'b-value'), 18);
  assert.equal(calls.length, 4);
  await assert.rejects(latest(8, 'elsewhere'), {
    code: 'invalid-schema',
    schemaVersionId: '8',
    message: /one of these schemas: a-value, b-value$/,
  });
  await assert.rejects(latest(9), { code: 'invalid-schema' });
  await assert.rejects(latest(10), { code: 'unknown-schema', schemaVersionId: '10' });
  await assert.rejects(latest(11), { code: 'invalid-schema', message: /gone has no version/ });
});

test('a token that is not a text is never sent', async (context) => {
  for (const token of [undefined, '', 5]) {
    const auth = { token: async () => token as string };
    const { registry, calls } = await registryThat(context, {}, { auth });
    await assert.rejects(registry.schemaById('1'), {
      name: 'RegistryAccessError',
      message: /auth\.token\(\): expected a text, got (?:undefined|an empty text|a number)$/,
    });
    assert.deepEqual(calls, []);
  }
});
