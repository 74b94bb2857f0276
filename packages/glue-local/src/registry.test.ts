import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateRegistryCommand,
  CreateSchemaCommand,
  GetRegistryCommand,
  GetTagsCommand,
  ListRegistriesCommand,
  ListSchemasCommand,
  ListSchemaVersionsCommand,
  RegisterSchemaVersionCommand,
} from '@aws-sdk/client-glue';
import { createClient, orderSchema, startRegistry } from './testing/start-registry.ts';

const registryName = 'customer';

test('S0-07 a missing registry is EntityNotFoundException, and exists once created', async () => {
  await using registry = await startRegistry({ now: () => Date.UTC(2024, 0, 2, 3, 4, 5, 6) });
  const get = new GetRegistryCommand({ RegistryId: { RegistryName: registryName } });
  await assert.rejects(registry.client.send(get), {
    name: 'EntityNotFoundException',
    message: 'Registry is not found. RegistryName: customer, RegistryArn: null',
  });
  await registry.client.send(
    new CreateRegistryCommand({ RegistryName: registryName, Description: 'orders' }),
  );
  const { $metadata, ...found } = await registry.client.send(get);
  assert.deepEqual(found, {
    RegistryName: registryName,
    RegistryArn: 'arn:aws:glue:us-east-1:000000000000:registry/customer',
    Description: 'orders',
    Status: 'AVAILABLE',
    CreatedTime: '2024-01-02T03:04:05.006Z',
    UpdatedTime: '2024-01-02T03:04:05.006Z',
  });
});

test('S0-07 when two clients create the same registry, one of them gets AlreadyExistsException', async () => {
  await using registry = await startRegistry();
  const other = createClient(registry.endpoint);
  const create = () => new CreateRegistryCommand({ RegistryName: registryName });
  const results = await Promise.allSettled([registry.client.send(create()), other.send(create())]);
  other.destroy();
  const refusals = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason.name] : [],
  );
  assert.deepEqual(refusals, ['AlreadyExistsException']);
});

test('S4-08 registries, schemas and versions are listed page by page, with dots in their names', async () => {
  await using registry = await startRegistry();
  const { client } = registry;
  const names = Array.from(
    { length: 60 },
    (_, index) => `legopoc.${String(index).padStart(2, '0')}`,
  );
  for (const name of names) await client.send(new CreateRegistryCommand({ RegistryName: name }));

  const listed = await pages(async (NextToken) => {
    const page = await client.send(new ListRegistriesCommand({ MaxResults: 23, NextToken }));
    return { items: page.Registries, next: page.NextToken };
  });
  assert.deepEqual(
    listed.map((page) => page.length),
    [23, 23, 14],
  );
  assert.deepEqual(
    listed
      .flat()
      .map((row) => row.RegistryName)
      .sort(),
    names,
  );

  const schemaNames = Array.from({ length: 24 }, (_, index) => `fullfillment.test_db.t${index}`);
  const RegistryId = { RegistryName: 'legopoc.07' };
  for (const SchemaName of schemaNames) {
    await client.send(
      new CreateSchemaCommand({
        RegistryId,
        SchemaName,
        DataFormat: 'AVRO',
        Compatibility: 'NONE',
        SchemaDefinition: orderSchema(),
      }),
    );
  }
  const schemas = await pages(async (NextToken) => {
    const page = await client.send(
      new ListSchemasCommand({ RegistryId, MaxResults: 23, NextToken }),
    );
    return { items: page.Schemas, next: page.NextToken };
  });
  assert.deepEqual(
    schemas.map((page) => page.length),
    [23, 1],
  );
  assert.deepEqual(
    schemas
      .flat()
      .map((row) => row.SchemaName)
      .sort(),
    [...schemaNames].sort(),
  );

  const SchemaId = { RegistryName: 'legopoc.07', SchemaName: 'fullfillment.test_db.t3' };
  for (let index = 0; index < 26; index += 1) {
    const SchemaDefinition = orderSchema({ name: `column_${index}`, type: 'long' });
    await client.send(new RegisterSchemaVersionCommand({ SchemaId, SchemaDefinition }));
  }
  const versions = await pages(async (NextToken) => {
    const page = await client.send(
      new ListSchemaVersionsCommand({ SchemaId, MaxResults: 23, NextToken }),
    );
    return { items: page.Schemas, next: page.NextToken };
  });
  assert.deepEqual(
    versions.flat().map((row) => row.VersionNumber),
    Array.from({ length: 27 }, (_, index) => 27 - index),
  );
});

test('the default page size is 25', async () => {
  await using registry = await startRegistry();
  for (let index = 0; index < 26; index += 1) {
    await registry.client.send(new CreateRegistryCommand({ RegistryName: `r${index}` }));
  }
  const page = await registry.client.send(new ListRegistriesCommand({}));
  assert.equal(page.Registries?.length, 25);
});

test('tags of registries and schemas are found by ARN', async () => {
  await using registry = await startRegistry({ region: 'cn-north-1', accountId: '123456789012' });
  const { RegistryArn } = await registry.client.send(
    new CreateRegistryCommand({ RegistryName: registryName, Tags: { team: 'orders' } }),
  );
  assert.equal(RegistryArn, 'arn:aws-cn:glue:cn-north-1:123456789012:registry/customer');
  const { SchemaArn } = await registry.client.send(
    new CreateSchemaCommand({
      RegistryId: { RegistryArn },
      SchemaName: 'orders-value',
      DataFormat: 'AVRO',
      Compatibility: 'BACKWARD',
      Tags: { owner: 'checkout' },
    }),
  );
  const tagsOf = async (ResourceArn: string | undefined) =>
    (await registry.client.send(new GetTagsCommand({ ResourceArn }))).Tags;
  assert.deepEqual(await tagsOf(RegistryArn), { team: 'orders' });
  assert.deepEqual(await tagsOf(SchemaArn), { owner: 'checkout' });
  await assert.rejects(tagsOf(`${RegistryArn}s`), { name: 'EntityNotFoundException' });
});

async function pages<Item>(
  read: (
    token: string | undefined,
  ) => Promise<{ items?: Item[] | undefined; next?: string | undefined }>,
): Promise<Item[][]> {
  const all: Item[][] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    all.push(page.items ?? []);
    token = page.next;
  } while (token !== undefined);
  return all;
}
