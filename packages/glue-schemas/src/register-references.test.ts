import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createGlueLocal } from '@order-stream/glue-local';
import { repositoryOf, run } from './testing/run-schemas.ts';

interface Registered {
  schema: string;
  references?: { name: string; subject: string; version: number }[];
}

/** A server that keeps versions by subject, and answers as Confluent's API does. tests/registry has a real registry. */
async function confluentOf(context: TestContext) {
  const subjects = new Map<string, Registered[]>();
  const server = createServer(async (request, response) => {
    const [, kind, subject = '', versions] = (request.url ?? '').split('/').map(decodeURIComponent);
    const known = subjects.get(subject) ?? [];
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (kind === 'config') return send(200, { compatibility: 'BACKWARD' });
    if (request.method === 'GET' && /^\d+$/.test(request.url?.split('/').at(-1) ?? '')) {
      const version = Number(request.url?.split('/').at(-1));
      return send(200, { subject, version, id: version, ...known[version - 1] });
    }
    if (request.method === 'GET')
      return send(
        200,
        [...known.keys()].map((i) => i + 1),
      );
    const posted = (await json(request)) as Registered;
    const at = known.findIndex(({ schema }) => schema === posted.schema);
    if (versions === undefined && at < 0)
      return send(404, { error_code: known.length ? 40403 : 40401 });
    if (at < 0) subjects.set(subject, [...known, posted]);
    const version = at < 0 ? known.length + 1 : at + 1;
    return send(200, versions === undefined ? { subject, id: version, version } : { id: version });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const env = { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: `http://127.0.0.1:${port}` };
  return { env, subjects };
}

const proto = (body: string) => `syntax = "proto3"; ${body}`;
const record = (name: string, type: string) =>
  JSON.stringify({ type: 'record', name, namespace: 'p', fields: [{ name: 'x', type }] });

test('a Confluent-compatible registry gets the other files first, each with its own references', async (context) => {
  const { env, subjects } = await confluentOf(context);
  const { path, write } = repositoryOf(context);
  write(
    'a.proto',
    proto('import "b.proto"; import "google/protobuf/any.proto"; message A { p.B b = 1; }'),
  );
  write('b.proto', proto('package p; import "c/c.proto"; message B { p.C c = 1; }'));
  write('c/c.proto', proto('package p; message C { int32 n = 1; }'));
  const { code, stdout, stderr } = await run(['register', 'a-value', path('a.proto')], env);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^a-value: 1\n$/);
  const references = Object.fromEntries(
    [...subjects].map(([subject, [version]]) => [subject, version?.references ?? []]),
  );
  assert.deepEqual(references, {
    'c/c.proto': [],
    'b.proto': [{ name: 'c/c.proto', subject: 'c/c.proto', version: 1 }],
    'a-value': [{ name: 'b.proto', subject: 'b.proto', version: 1 }],
  });
  assert.equal((await run(['register', 'a-value', path('a.proto')], env)).code, 0);
  assert.deepEqual(
    [...subjects.values()].map((versions) => versions.length),
    [1, 1, 1],
  );
});

test('a reference can be a version that is registered already', async (context) => {
  const { env, subjects } = await confluentOf(context);
  const { path, write } = repositoryOf(context);
  write('b.avsc', record('B', 'int'));
  write('a.avsc', record('A', 'p.B'));
  await run(['register', 'shared', path('b.avsc')], env);
  const given = ['--references', 'p.B=shared@1'];
  const { code, stderr } = await run(['register', 'a-value', path('a.avsc'), ...given], env);
  assert.deepEqual([code, stderr], [0, '']);
  assert.deepEqual([...subjects.keys()], ['shared', 'a-value']);
  const reference = { name: 'p.B', subject: 'shared', version: 1 };
  assert.deepEqual(subjects.get('a-value')?.[0]?.references, [reference]);
  const latest = ['--references', 'p.B=shared@latest'];
  assert.equal((await run(['register', 'a', path('a.avsc'), ...latest], env)).code, 2);
});

test('a Glue registry gets an Avro definition with the other types written out, and refuses the other formats', async (context) => {
  const app = createGlueLocal({ databaseFile: ':memory:' });
  const own = {
    AWS_ENDPOINT_URL_GLUE: await app.listen({ port: 0, host: '127.0.0.1' }),
    ...{ AWS_ACCESS_KEY_ID: 't', AWS_SECRET_ACCESS_KEY: 't' },
  };
  // The AWS SDK reads these from the environment of the process.
  Object.assign(process.env, own);
  context.after(async () => {
    for (const name of Object.keys(own)) delete process.env[name];
    await app.close();
  });
  const env = { AWS_REGION: 'us-east-1' };
  const { path, write } = repositoryOf(context);
  write('b.avsc', record('B', 'int'));
  write('a.avsc', record('A', 'p.B'));
  assert.equal((await run(['register', 'a', path('a.avsc')], env)).code, 0);
  const { stdout } = await run(['get', 'a'], env);
  const [field] = JSON.parse(stdout).fields;
  assert.deepEqual(field.type, { ...JSON.parse(record('B', 'int')), name: 'B', namespace: 'p' });
  assert.equal((await run(['check', path('a.avsc'), '--online', 'a'], env)).code, 0);
  const same = await run(['diff', path('a.avsc'), 'a@1'], env);
  assert.deepEqual([same.code, same.stdout], [0, 'no difference\n']);
  write('m.proto', proto('import "n.proto"; message M { N n = 1; }'));
  write('n.proto', proto('message N { int32 n = 1; }'));
  const refused = await run(['register', 'm', path('m.proto')], env);
  assert.deepEqual([refused.code, refused.stdout], [1, '']);
  assert.match(refused.stderr, /m\.proto refers to n\.proto: a Glue registry has no references; /);
  const version = ['--references', 'n.proto=n@1'];
  assert.equal((await run(['register', 'm', path('m.proto'), ...version], env)).code, 2);
});
