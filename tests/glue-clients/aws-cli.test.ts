import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { awsCommand, startAwsCli } from './aws-cli.ts';
import { pythonErrorText } from './boto3-client.ts';
import { histories } from './example-schemas.ts';
import { type RecordedRegistry, startRecordedRegistry } from './recorded-registry.ts';
import type { RefusedError, RegistryClient } from './registry-client.ts';
import * as life from './registry-life.ts';
import { showLists } from './registry-lists.ts';

let registry: RecordedRegistry;
let client: RegistryClient;
before(async () => {
  registry = await startRecordedRegistry();
  client = await startAwsCli(registry.endpoint);
});
after(async () => {
  await client?.close();
  await registry?.close();
});

// In order: each test goes on with what the tests before it created.

test('S0-07 the AWS CLI: a registry is looked up, created, found again and changed', () =>
  life.showRegistry(client));

test('S0-09 the AWS CLI: schemas of all eight modes', () => life.showModes(client));

test('the AWS CLI: compatible and incompatible versions of Avro, JSON Schema and Protobuf', () =>
  life.showFormats(client));

test('S4-08 the AWS CLI: versions by id, number, definition and as the latest, of a name with dots', () =>
  life.showVersions(client));

test('the AWS CLI: metadata of versions', () => life.showMetadata(client));

test('the AWS CLI: tags', () => life.showTags(client));

test('the AWS CLI: update, deletion of versions, of the schema and of the registry', () =>
  life.showUpdateAndDeletion(client));

test('S4-08 the AWS CLI: registries, schemas and versions in pages of 23', async () => {
  const listed = await startRecordedRegistry();
  const lister = await startAwsCli(listed.endpoint);
  try {
    await showLists(listed, lister);
  } finally {
    await lister.close();
    await listed.close();
  }
});

test('the AWS CLI as people type it: shorthand, a definition from a file, --query, --output text, --max-items, a refusal', async () => {
  const typed = await startRecordedRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'aws-cli-'));
  try {
    const aws = await awsCommand(typed.endpoint);
    const file = join(folder, 'person.proto');
    await writeFile(file, histories.PROTOBUF.first);
    const create = (name: string) =>
      aws(
        ...['create-schema', '--schema-name', name, '--data-format', 'PROTOBUF'],
        ...['--compatibility', 'FULL', '--schema-definition', `file://${file}`],
        ...['--tags', 'team=orders,stage=test'],
        ...['--query', '[SchemaName,SchemaVersionStatus,Tags.stage]', '--output', 'text'],
      );
    assert.deepEqual(await create('person'), ['person\tAVAILABLE\ttest']);
    await create('place');
    const version = await aws(
      ...['get-schema-version', '--schema-version-number', 'LatestVersion=true'],
      ...['--schema-id', 'SchemaName=person,RegistryName=default-registry'],
    );
    assert.equal(JSON.parse(version.join('\n')).SchemaDefinition, histories.PROTOBUF.first);
    const page = JSON.parse((await aws('list-schemas', '--max-items', '1')).join('\n'));
    const rest = await aws(
      ...['list-schemas', '--starting-token', page.NextToken],
      ...['--query', 'Schemas[].SchemaName', '--output', 'text'],
    );
    assert.deepEqual([page.Schemas[0].SchemaName, ...rest], ['person', 'place']);
    await assert.rejects(create('person'), (error: RefusedError) => {
      const text = 'Schema already exists. SchemaName: person';
      assert.equal(error.message, pythonErrorText('CreateSchema', 'AlreadyExistsException', text));
      return true;
    });
  } finally {
    await rm(folder, { recursive: true });
    await typed.close();
  }
});
