import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateRegistryCommand,
  DeleteSchemaCommand,
  GetRegistryCommand,
  GetSchemaVersionCommand,
  GlueClient,
  ListRegistriesCommand,
  ListSchemasCommand,
} from '@aws-sdk/client-glue';
import { registryNames } from '../testing/lists.ts';
import { putFault } from '../testing/put-fault.ts';
import {
  createOrders,
  isPrimeOrFalse,
  orderSchema,
  RegistryId,
  register,
  SchemaId,
  startRegistry,
} from '../testing/start-registry.ts';
import type { Fault } from './fault.ts';

const list = () => new ListRegistriesCommand({});
const create = () => new CreateRegistryCommand(RegistryId);

test('throttling, missing permissions and internal errors have the names and statuses of AWS', async () => {
  await using registry = await startRegistry();
  const cases: [Fault, object][] = [
    [
      { fault: 'throttling' },
      { name: 'ThrottlingException', message: 'Rate exceeded', $metadata: { status: 400 } },
    ],
    [
      { fault: 'access-denied' },
      {
        name: 'AccessDeniedException',
        message:
          'User: arn:aws:iam::000000000000:user/local is not authorized to perform: glue:ListRegistries',
        $metadata: { status: 400 },
      },
    ],
    [
      { fault: 'internal-error' },
      {
        name: 'InternalServiceException',
        message: 'Internal service failure (a fault of /_local/faults)',
        $metadata: { status: 500 },
      },
    ],
    [
      { fault: 'internal-error', status: 503 },
      {
        name: 'InternalServiceException',
        message: 'Internal service failure (a fault of /_local/faults)',
        $metadata: { status: 503 },
      },
    ],
  ];
  for (const [fault, seen] of cases) {
    const placed = await putFault(registry.endpoint, fault);
    await assert.rejects(registry.client.send(list()), (error: SdkError) => {
      const { name, message, $metadata } = error;
      assert.deepEqual({ name, message, $metadata: { status: $metadata.httpStatusCode } }, seen);
      return true;
    });
    await placed.end();
    await registry.client.send(list());
  }
});

interface SdkError extends Error {
  $metadata: { httpStatusCode: number };
}

test('a fault hits only the calls of its actions and of its caller', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  const credentials = { accessKeyId: 'AKIAOTHER', secretAccessKey: 's' };
  const other = new GlueClient({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
  const actions = ['ListSchemas', 'GetRegistry'] as const;
  const throttled = { name: 'ThrottlingException' };
  await putFault(endpoint, { fault: 'throttling', actions, accessKeyId: 'AKIAOTHER' });
  await assert.rejects(other.send(new ListSchemasCommand({})), throttled);
  await assert.rejects(other.send(new GetRegistryCommand({ RegistryId })), throttled);
  await other.send(list());
  await client.send(new ListSchemasCommand({}));
  other.destroy();
});

test('callers are told apart by any access key id that a signature can hold', async () => {
  await using registry = await startRegistry({ accountId: '123456789012', region: 'cn-north-1' });
  const { endpoint, client } = registry;
  for (const accessKeyId of [
    'orders-producer',
    'a/b',
    'Credential=x',
    '!"#$%&()*+-.:;<>?@[]^`{|}~',
  ]) {
    const credentials = { accessKeyId, secretAccessKey: 's' };
    const caller = new GlueClient({ endpoint, region: 'cn-north-1', credentials, maxAttempts: 1 });
    const placed = await putFault(endpoint, { fault: 'access-denied', accessKeyId });
    await assert.rejects(caller.send(list()), {
      name: 'AccessDeniedException',
      message: `User: arn:aws-cn:iam::123456789012:user/${accessKeyId} is not authorized to perform: glue:ListRegistries`,
    });
    await client.send(list());
    await placed.end();
    caller.destroy();
  }
});

test('an unsigned call gets the faults of every caller, as the user unknown', async () => {
  await using registry = await startRegistry();
  await putFault(registry.endpoint, { fault: 'throttling', accessKeyId: 'local' });
  await putFault(registry.endpoint, { fault: 'access-denied' });
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AWSGlue.GetTags',
  };
  const response = await fetch(registry.endpoint, { method: 'POST', headers, body: '{' });
  assert.match(
    ((await response.json()) as { Message: string }).Message,
    /^User: arn:aws:iam::000000000000:user\/unknown is not authorized to perform: glue:GetTags$/,
  );
});

test('a fault comes before the request is validated', async () => {
  await using registry = await startRegistry();
  const get = new GetRegistryCommand({ RegistryId: { RegistryName: 'two words' } });
  await assert.rejects(registry.client.send(get), { name: 'InvalidInputException' });
  await putFault(registry.endpoint, { fault: 'throttling' });
  await assert.rejects(registry.client.send(get), { name: 'ThrottlingException' });
});

test('a fault with a count ends by itself, and is listed with the calls that got it until it is ended', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  const placed = await putFault(endpoint, { fault: 'throttling', count: 2 });
  for (const _ of [1, 2]) await assert.rejects(client.send(list()));
  for (const _ of [1, 2]) await client.send(list());
  const listed = await (await fetch(`${endpoint}/_local/faults`)).json();
  assert.deepEqual(listed, {
    faults: [{ id: placed.id, fault: 'throttling', count: 2, applied: 2 }],
  });
  await placed.end();
  assert.equal(
    (await fetch(`${endpoint}/_local/faults/${placed.id}`, { method: 'DELETE' })).status,
    404,
  );
});

test('of several faults, the oldest that ends a call is applied, and DELETE ends all', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  const placed = [
    await putFault(endpoint, { fault: 'latency', latencyMs: 1 }),
    await putFault(endpoint, { fault: 'throttling', count: 1 }),
    await putFault(endpoint, { fault: 'access-denied' }),
  ];
  await assert.rejects(client.send(list()), { name: 'ThrottlingException' });
  await assert.rejects(client.send(list()), { name: 'AccessDeniedException' });
  assert.deepEqual(await Promise.all(placed.map((one) => one.applied())), [2, 1, 1]);
  assert.equal((await fetch(`${endpoint}/_local/faults`, { method: 'DELETE' })).status, 204);
  await client.send(list());
});

test('a rate hits a share of the calls, and the same seed the same calls', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  async function outcomes(more: Partial<Fault>): Promise<string> {
    const placed = await putFault(endpoint, { fault: 'throttling', rate: 0.3, ...more });
    let text = '';
    for (let call = 0; call < 60; call += 1) {
      text += await client.send(list()).then(
        () => '.',
        () => 'x',
      );
    }
    await placed.end();
    return text;
  }
  const first = await outcomes({ seed: 1 });
  assert.equal(await outcomes({ seed: 1 }), first);
  assert.notEqual(await outcomes({ seed: 2 }), first);
  const hits = first.replaceAll('.', '').length;
  assert.ok(hits > 6 && hits < 30, first);
  const limited = await outcomes({ seed: 1, count: 3 });
  assert.equal(limited.replaceAll('.', '').length, 3);
  assert.ok(first.startsWith(limited.slice(0, limited.lastIndexOf('x') + 1)));
});

test('a connection that is reset before the action leaves nothing, and one after it loses only the answer', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  await putFault(endpoint, { fault: 'connection-reset', actions: ['CreateRegistry'], count: 1 });
  await assert.rejects(client.send(create()), { code: 'ECONNRESET' });
  assert.deepEqual(await registryNames(client), []);
  await putFault(endpoint, {
    fault: 'connection-reset',
    actions: ['CreateRegistry'],
    when: 'after',
    count: 1,
  });
  await assert.rejects(client.send(create()), { code: 'ECONNRESET' });
  assert.deepEqual(await registryNames(client), ['customer']);
  await assert.rejects(client.send(create()), { name: 'AlreadyExistsException' });
});

test('an internal error after the action leaves its effect', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  for (const [when, names] of [
    ['before', []],
    ['after', ['customer']],
  ] as const) {
    const placed = await putFault(endpoint, { fault: 'internal-error', when });
    await assert.rejects(client.send(create()), { name: 'InternalServiceException' });
    await placed.end();
    assert.deepEqual(await registryNames(client), names, when);
  }
});

test('a fault after the action also replaces or loses the answer of an action that fails', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  await client.send(create());
  const actions = ['CreateRegistry', 'GetRegistry'] as const;
  const invalid = new GetRegistryCommand({ RegistryId: { RegistryName: '' } });
  const calls = [
    (options: { abortSignal?: AbortSignal }) => client.send(create(), options),
    (options: { abortSignal?: AbortSignal }) => client.send(invalid, options),
  ];
  for (const call of calls) {
    for (const [fault, seen] of [
      [{ fault: 'internal-error', status: 503 }, { name: 'InternalServiceException' }],
      [{ fault: 'connection-reset' }, { code: 'ECONNRESET' }],
    ] as const) {
      const placed = await putFault(endpoint, { ...fault, actions, when: 'after' });
      await assert.rejects(call({}), seen);
      assert.equal(await placed.applied(), 1);
      await placed.end();
    }
    const latency = { fault: 'latency', latencyMs: 3_600_000, actions, when: 'after' } as const;
    const placed = await putFault(endpoint, latency);
    const gone = new AbortController();
    const late = call({ abortSignal: gone.signal });
    late.catch(() => undefined);
    while ((await placed.applied()) === 0);
    // A call that does not wait has its answer after a few other calls.
    for (let other = 0; other < 20; other += 1) await registryNames(client);
    gone.abort();
    await assert.rejects(late, { name: 'AbortError' });
    await placed.end();
  }
  await assert.rejects(client.send(create()), { name: 'AlreadyExistsException' });
});

test('a call waits for all its latencies together', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  const actions = ['CreateRegistry'] as const;
  const placed = [
    await putFault(endpoint, { fault: 'latency', latencyMs: 1, actions }),
    await putFault(endpoint, { fault: 'latency', latencyMs: 3_600_000, actions }),
  ];
  const gone = new AbortController();
  const created = assert.rejects(client.send(create(), { abortSignal: gone.signal }), {
    name: 'AbortError',
  });
  while ((await placed[1]?.applied()) === 0);
  // A call that waits for the first latency only is done after a few other calls.
  for (let call = 0; call < 20; call += 1) assert.deepEqual(await registryNames(client), []);
  gone.abort();
  await created;
});

test('a client that gives up waiting has had no effect before the action, and its effect after it', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  for (const [when, names] of [
    ['before', []],
    ['after', ['customer']],
  ] as const) {
    const actions = ['CreateRegistry'] as const;
    const placed = await putFault(endpoint, {
      fault: 'latency',
      latencyMs: 3_600_000,
      when,
      actions,
    });
    const gone = new AbortController();
    const created = client.send(create(), { abortSignal: gone.signal });
    while ((await placed.applied()) === 0);
    gone.abort();
    await assert.rejects(created, { name: 'AbortError' });
    await placed.end();
    assert.deepEqual(await registryNames(client), names);
  }
});

test('a registry that closes does not wait for calls that a fault delays', async () => {
  const registry = await startRegistry();
  const placed = await putFault(registry.endpoint, { fault: 'latency', latencyMs: 3_600_000 });
  const delayed = assert.rejects(registry.client.send(list()), { code: 'ECONNRESET' });
  while ((await placed.applied()) === 0);
  await registry.app.close();
  await delayed;
  registry.client.destroy();
});

test('a version stays PENDING until the fault is ended, and then has its verdict', async () => {
  let now = Date.UTC(2026, 0, 1);
  await using registry = await startRegistry({ now: () => now });
  const { endpoint, client } = registry;
  await createOrders(client, 'BACKWARD');
  const placed = await putFault(endpoint, { fault: 'pending', count: 2 });
  const held = await register(client, orderSchema(isPrimeOrFalse));
  const incompatible = await register(client, orderSchema({ name: 'amount', type: 'long' }));
  const settled = await register(client, orderSchema({ ...isPrimeOrFalse, doc: 'is prime' }));
  assert.equal((await register(client, orderSchema(isPrimeOrFalse))).Status, 'PENDING');
  assert.equal(await placed.applied(), 2);
  now += 10 * 365 * 86_400_000;
  const statuses = async () =>
    Promise.all(
      [held, incompatible, settled].map(async ({ SchemaVersionId }) => {
        return (await client.send(new GetSchemaVersionCommand({ SchemaVersionId }))).Status;
      }),
    );
  assert.deepEqual(await statuses(), ['PENDING', 'PENDING', 'AVAILABLE']);
  await placed.end();
  assert.deepEqual(await statuses(), ['AVAILABLE', 'FAILURE', 'AVAILABLE']);
});

test('the end of one fault leaves the versions of the others PENDING', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  await createOrders(client, 'NONE');
  const first = await putFault(endpoint, { fault: 'pending', count: 1 });
  const second = await putFault(endpoint, { fault: 'pending', count: 1 });
  const versions = [
    await register(client, orderSchema(isPrimeOrFalse)),
    await register(client, orderSchema({ name: 'amount', type: 'long' })),
  ];
  const statuses = async () =>
    Promise.all(
      versions.map(async ({ SchemaVersionId }) => {
        return (await client.send(new GetSchemaVersionCommand({ SchemaVersionId }))).Status;
      }),
    );
  assert.deepEqual(await statuses(), ['PENDING', 'PENDING']);
  await first.end();
  assert.deepEqual(await statuses(), ['AVAILABLE', 'PENDING']);
  assert.equal(await second.applied(), 1);
  await second.end();
  assert.deepEqual(await statuses(), ['AVAILABLE', 'AVAILABLE']);
});

test('only the versions of the chosen caller and action stay PENDING', async () => {
  await using registry = await startRegistry();
  const { endpoint, client } = registry;
  await putFault(endpoint, { fault: 'pending', accessKeyId: 'another' });
  await putFault(endpoint, { fault: 'pending', actions: ['RegisterSchemaVersion'] });
  const { SchemaVersionStatus } = await createOrders(client, 'NONE');
  const { Status } = await register(client, orderSchema(isPrimeOrFalse));
  assert.deepEqual([SchemaVersionStatus, Status], ['AVAILABLE', 'PENDING']);
  await client.send(new DeleteSchemaCommand({ SchemaId }));
  await fetch(`${endpoint}/_local/faults`, { method: 'DELETE' });
  await putFault(endpoint, { fault: 'pending', actions: ['CreateSchema'] });
  assert.equal((await createOrders(client, 'NONE')).SchemaVersionStatus, 'PENDING');
  assert.equal((await register(client, orderSchema(isPrimeOrFalse))).Status, 'AVAILABLE');
});

test('a PENDING version of a deleted schema is DELETING', async () => {
  await using registry = await startRegistry({ deletingMs: 3_600_000 });
  const { endpoint, client } = registry;
  await putFault(endpoint, { fault: 'pending' });
  const { SchemaVersionId, SchemaVersionStatus } = await createOrders(client, 'NONE');
  await client.send(new DeleteSchemaCommand({ SchemaId }));
  const { Status } = await client.send(new GetSchemaVersionCommand({ SchemaVersionId }));
  assert.deepEqual([SchemaVersionStatus, Status], ['PENDING', 'DELETING']);
});

test('the first version of a schema stays PENDING too, over a restart, until all faults are ended', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'glue-local-'));
  const databaseFile = join(folder.path, 'registry.sqlite');
  {
    await using registry = await startRegistry({ databaseFile });
    await putFault(registry.endpoint, { fault: 'pending', actions: ['CreateSchema'] });
    assert.equal((await createOrders(registry.client, 'FULL')).SchemaVersionStatus, 'PENDING');
  }
  await using registry = await startRegistry({ databaseFile });
  const get = () =>
    registry.client.send(
      new GetSchemaVersionCommand({ SchemaId, SchemaVersionNumber: { VersionNumber: 1 } }),
    );
  assert.equal((await get()).Status, 'PENDING');
  await fetch(`${registry.endpoint}/_local/faults`, { method: 'DELETE' });
  assert.equal((await get()).Status, 'AVAILABLE');
});
