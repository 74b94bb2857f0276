import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateRegistryCommand,
  CreateSchemaCommand,
  DeleteRegistryCommand,
  DeleteSchemaCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-glue';
import { createOrders, RegistryId, SchemaId, startRegistry } from './testing/start-registry.ts';

type Registry = Awaited<ReturnType<typeof startRegistry>>;

async function startTags() {
  const registry = await startRegistry();
  const { client } = registry;
  const { SchemaArn, RegistryArn } = await createOrders(client, 'NONE');
  return {
    client,
    SchemaArn,
    RegistryArn,
    tag: (TagsToAdd: Record<string, string>, ResourceArn = SchemaArn) =>
      client.send(new TagResourceCommand({ ResourceArn, TagsToAdd })),
    untag: (...TagsToRemove: string[]) =>
      client.send(new UntagResourceCommand({ ResourceArn: SchemaArn, TagsToRemove })),
    tags: async (ResourceArn = SchemaArn) =>
      (await client.send(new GetTagsCommand({ ResourceArn }))).Tags,
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

test('tags are added, replaced and removed, of schema and registry each its own', async () => {
  await using schema = await startTags();
  await schema.tag({ team: 'checkout', stage: 'test' });
  await schema.tag({ team: 'orders', '': 'x' }).catch((error: Error) => {
    assert.equal(error.name, 'InvalidInputException');
  });
  await schema.tag({ team: 'orders', empty: '' });
  assert.deepEqual(await schema.tags(), { team: 'orders', stage: 'test', empty: '' });
  await schema.untag('stage', 'unknown');
  assert.deepEqual(await schema.tags(), { team: 'orders', empty: '' });
  assert.deepEqual(await schema.tags(schema.RegistryArn), {});
});

test('a resource has at most 50 tags, over all requests', async () => {
  await using schema = await startTags();
  const numbered = (from: number, to: number) =>
    Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`k${from + index}`, 'v']));
  await schema.tag(numbered(0, 49));
  await schema.tag({ k0: 'changed', k49: 'v' });
  await assert.rejects(schema.tag({ k50: 'v' }), { name: 'InvalidInputException', message: /50/ });
  assert.equal(Object.keys((await schema.tags()) ?? {}).length, 50);
});

test('keys that begin with aws: are refused, when tags are added and when something is created', async () => {
  await using schema = await startTags();
  const refused = { name: 'InvalidInputException', message: /^aws: prefixed/ };
  await assert.rejects(schema.tag({ team: 'orders', 'aws:team': 'x' }), refused);
  await assert.rejects(schema.untag('AWS:team'), refused);
  const create = { RegistryName: 'r', Tags: { 'aws:x': 'y' } };
  await assert.rejects(schema.client.send(new CreateRegistryCommand(create)), refused);
  const another = { SchemaName: 'another', DataFormat: 'AVRO', Tags: create.Tags } as const;
  await assert.rejects(schema.client.send(new CreateSchemaCommand(another)), refused);
  assert.deepEqual(await schema.tags(), {});
});

test('a registry and its schemas keep their tags when the region and account of a kept database change', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
  const databaseFile = join(folder.path, 'registry.sqlite');
  const create = async ({ client }: Registry, Tags?: Record<string, string>) => [
    (await client.send(new CreateRegistryCommand({ ...RegistryId, Tags }))).RegistryArn,
    (await client.send(new CreateSchemaCommand({ ...schema, Tags }))).SchemaArn,
  ];
  const readTags = ({ client }: Registry, arns: (string | undefined)[]) =>
    Promise.all(
      arns.map(
        async (ResourceArn) => (await client.send(new GetTagsCommand({ ResourceArn }))).Tags,
      ),
    );
  const SchemaName = 's';
  const schema = { RegistryId, SchemaName, DataFormat: 'AVRO' } as const;
  const moved = { databaseFile, region: 'eu-west-1', accountId: '123456789012' };
  const movedArn = 'arn:aws:glue:eu-west-1:123456789012';
  {
    await using registry = await startRegistry({ databaseFile });
    await create(registry, { team: 'a' });
  }
  {
    await using registry = await startRegistry(moved);
    const kept = [`${movedArn}:registry/customer`, `${movedArn}:schema/customer/s`];
    assert.deepEqual(await readTags(registry, kept), [{ team: 'a' }, { team: 'a' }]);
    const page = async (path: string) => (await fetch(`${registry.endpoint}${path}`)).text();
    assert.match(await page('/registries/customer'), /team/);
    assert.match(await page('/registries/customer/schemas/s'), /team/);
    const key = { ...SchemaId, SchemaName };
    await registry.client.send(new DeleteSchemaCommand({ SchemaId: key }));
    const { SchemaArn } = await registry.client.send(new CreateSchemaCommand(schema));
    assert.deepEqual(await readTags(registry, [SchemaArn]), [{}]);
    await registry.client.send(
      new TagResourceCommand({ ResourceArn: SchemaArn, TagsToAdd: { team: 'b' } }),
    );
    await registry.client.send(new DeleteRegistryCommand({ RegistryId }));
  }
  {
    await using registry = await startRegistry({ databaseFile });
    assert.deepEqual(await readTags(registry, await create(registry)), [{}, {}]);
  }
});
