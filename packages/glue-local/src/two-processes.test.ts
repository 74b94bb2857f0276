import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateRegistryCommand,
  CreateSchemaCommand,
  type GlueClient,
  RegisterSchemaVersionCommand,
} from '@aws-sdk/client-glue';
import { startListening } from './testing/start-process.ts';
import { createClient, orderSchema, startRegistry } from './testing/start-registry.ts';

/** Two clients send the same requests at once: one succeeds, the other learns that it exists. */
async function createTwice(clients: readonly GlueClient[]) {
  const RegistryId = { RegistryName: 'customer' };
  for (let index = 0; index < 20; index += 1) {
    const RegistryName = `r${index}`;
    await expectOne(clients, () => new CreateRegistryCommand({ RegistryName }));
  }
  await clients[0]?.send(new CreateRegistryCommand(RegistryId));
  for (let index = 0; index < 20; index += 1) {
    const schema = { RegistryId, SchemaName: `s${index}`, DataFormat: 'AVRO' } as const;
    const SchemaDefinition = orderSchema();
    await expectOne(clients, () => new CreateSchemaCommand({ ...schema, SchemaDefinition }));
  }

  async function expectOne(
    senders: readonly GlueClient[],
    command: () => CreateRegistryCommand | CreateSchemaCommand,
  ) {
    const results = await Promise.allSettled(
      senders.map((client) => client.send(command() as CreateRegistryCommand)),
    );
    const outcomes = results.map((result) =>
      result.status === 'fulfilled' ? 'created' : result.reason.name,
    );
    assert.deepEqual(outcomes.sort(), ['AlreadyExistsException', 'created']);
  }
}

/** Two clients register the same definitions at once: each is one version, and no number is used twice. */
async function registerTwice(clients: readonly GlueClient[]) {
  const SchemaId = { RegistryName: 'customer', SchemaName: 's0' };
  const ids = new Map<number | undefined, string | undefined>();
  for (let index = 0; index < 20; index += 1) {
    const SchemaDefinition = orderSchema({ name: `c${index}`, type: 'int' });
    const register = () => new RegisterSchemaVersionCommand({ SchemaId, SchemaDefinition });
    const [first, second] = await Promise.all(clients.map((client) => client.send(register())));
    assert.equal(first?.SchemaVersionId, second?.SchemaVersionId);
    assert.equal(first?.VersionNumber, second?.VersionNumber);
    ids.set(first?.VersionNumber, first?.SchemaVersionId);
  }
  assert.deepEqual(
    [...ids.keys()],
    Array.from({ length: 20 }, (_, index) => index + 2),
  );
}

test('two clients of one process that create or register the same at once', async () => {
  await using registry = await startRegistry();
  const other = createClient(registry.endpoint);
  await createTwice([registry.client, other]);
  await registerTwice([registry.client, other]);
  other.destroy();
});

test('two processes on one database file, started at once, that create or register the same at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
  const database = join(folder, 'registry.sqlite');
  const starting = [1, 2].map(() => startListening('--database', database));
  try {
    const clients = (await Promise.all(starting)).map(({ client }) => client);
    await createTwice(clients);
    await registerTwice(clients);
  } finally {
    for (const started of await Promise.allSettled(starting)) {
      if (started.status === 'rejected') continue;
      const { client, child, exited } = started.value;
      client.destroy();
      child.kill('SIGTERM');
      await exited;
    }
    await rm(folder, { recursive: true });
  }
});
