import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateRegistryCommand,
  CreateSchemaCommand,
  DeleteSchemaCommand,
  DeleteSchemaVersionsCommand,
  type GlueClient,
  ListRegistriesCommand,
  ListSchemasCommand,
  ListSchemaVersionsCommand,
} from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { openRegistry } from './testing/open-registry.ts';
import {
  createOrders,
  orderSchema,
  register,
  SchemaId,
  startRegistry,
} from './testing/start-registry.ts';

const refused = { name: 'InvalidInputException', message: /Parameter Name: nextToken$/ };

async function createSchemas(client: GlueClient, RegistryName: string, ...names: string[]) {
  await client.send(new CreateRegistryCommand({ RegistryName })).catch((error: Error) => {
    assert.equal(error.name, 'AlreadyExistsException');
  });
  for (const SchemaName of names) {
    const schema = { RegistryId: { RegistryName }, SchemaName, DataFormat: 'AVRO' } as const;
    await client.send(new CreateSchemaCommand(schema));
  }
}

test('pages stay whole while schemas are created and deleted between them', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createSchemas(client, 'r', 'b', 'd', 'f', 'h');
  const RegistryId = { RegistryName: 'r' };
  const list = async (NextToken?: string) => {
    const request = { RegistryId, MaxResults: 2, NextToken };
    const page = await client.send(new ListSchemasCommand(request));
    return { names: page.Schemas?.map((row) => row.SchemaName), token: page.NextToken };
  };
  const first = await list();
  assert.deepEqual(first.names, ['b', 'd']);
  // The last one of the first page is what its token names.
  const SchemaId = { RegistryName: 'r', SchemaName: 'd' };
  await client.send(new DeleteSchemaCommand({ SchemaId }));
  await createSchemas(client, 'r', 'a', 'e');
  const second = await list(first.token);
  assert.deepEqual(second.names, ['e', 'f']);
  assert.deepEqual(await list(second.token), { names: ['h'], token: undefined });
});

test('pages of versions stay whole while versions are added and deleted between them', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createOrders(client, 'NONE');
  const add = (column: string) => register(client, orderSchema({ name: column, type: 'int' }));
  for (const column of ['b', 'c', 'd', 'e']) await add(column);
  const list = async (NextToken?: string) => {
    const request = { SchemaId, MaxResults: 2, NextToken };
    const page = await client.send(new ListSchemaVersionsCommand(request));
    return { numbers: page.Schemas?.map((row) => row.VersionNumber), token: page.NextToken };
  };
  const first = await list();
  assert.deepEqual(first.numbers, [5, 4]);
  await add('f');
  await client.send(new DeleteSchemaVersionsCommand({ SchemaId, Versions: '3-4' }));
  assert.deepEqual((await list(first.token)).numbers, [2, 1]);
});

test('a token of another list is refused', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createSchemas(client, 'q', 'a', 'b');
  await createSchemas(client, 'r', 'a', 'b');
  const ofQ = { RegistryId: { RegistryName: 'q' }, MaxResults: 1 };
  const ofR = { RegistryId: { RegistryName: 'r' }, MaxResults: 1 };
  const { NextToken } = await client.send(new ListSchemasCommand(ofQ));
  const { Schemas } = await client.send(new ListSchemasCommand({ ...ofQ, NextToken }));
  assert.deepEqual(Schemas?.length, 1);
  await assert.rejects(client.send(new ListSchemasCommand({ ...ofR, NextToken })), refused);
  await assert.rejects(client.send(new ListSchemasCommand({ NextToken })), refused);
  await assert.rejects(client.send(new ListRegistriesCommand({ NextToken })), refused);
  const all = await client.send(new ListSchemasCommand({ MaxResults: 1 }));
  const ofAll = { ...ofQ, NextToken: all.NextToken };
  await assert.rejects(client.send(new ListSchemasCommand(ofAll)), refused);
});

test('a token of versions or metadata is refused for another schema or version, also of the same name', async () => {
  await using registry = openRegistry();
  const ids: Record<string, string> = {};
  for (const RegistryName of ['q', 'r']) {
    await registry.call('CreateRegistry', { RegistryName });
    const schema = { RegistryId: { RegistryName }, SchemaName: 's', DataFormat: 'AVRO' };
    const created = await registry.call('CreateSchema', { ...schema, SchemaDefinition: '"int"' });
    const SchemaId = { RegistryName, SchemaName: 's' };
    await registry.call('RegisterSchemaVersion', { SchemaId, SchemaDefinition: '"long"' });
    const { SchemaVersionId } = created.answer;
    ids[RegistryName] = SchemaVersionId;
    for (const MetadataKey of ['a', 'b']) {
      const MetadataKeyValue = { MetadataKey, MetadataValue: 'v' };
      await registry.call('PutSchemaVersionMetadata', { SchemaVersionId, MetadataKeyValue });
    }
  }
  const lists: [string, (RegistryName: string) => object][] = [
    ['ListSchemaVersions', (RegistryName) => ({ SchemaId: { RegistryName, SchemaName: 's' } })],
    ['QuerySchemaVersionMetadata', (RegistryName) => ({ SchemaVersionId: ids[RegistryName] })],
  ];
  for (const [action, of] of lists) {
    const { answer } = await registry.call(action, { ...of('q'), MaxResults: 1 });
    const { NextToken } = answer;
    const second = await registry.call(action, { ...of('q'), NextToken });
    assert.equal(second.status, 200, action);
    const other = await registry.call(action, { ...of('r'), NextToken });
    assert.equal(other.answer.Message, 'The token is not valid. Parameter Name: nextToken', action);
  }
});

test('a token that was changed anywhere is refused', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  await createSchemas(client, 'customer');
  await createSchemas(client, 'supplier');
  const { NextToken = '' } = await client.send(new ListRegistriesCommand({ MaxResults: 1 }));
  const list = (token: string) => client.send(new ListRegistriesCommand({ NextToken: token }));
  assert.equal((await list(NextToken)).Registries?.[0]?.RegistryName, 'supplier');
  const changes = NextToken.split('').map((character, index) => {
    const other = character === 'A' ? 'B' : 'A';
    return NextToken.slice(0, index) + other + NextToken.slice(index + 1);
  });
  const bare = Buffer.from('["customer"]').toString('base64url');
  for (const token of [
    ...changes,
    NextToken.slice(1),
    NextToken.slice(0, -1),
    bare,
    'nonsense',
    '',
  ]) {
    await assert.rejects(list(token), refused, token);
  }
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.boolean(), async (text, isAppended) => {
      fc.pre(text !== '' || !isAppended);
      await assert.rejects(list(isAppended ? `${NextToken}${text}` : text), refused);
    }),
    { numRuns: 100 },
  );
});
