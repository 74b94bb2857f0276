import { after, before, test } from 'node:test';
import { startBoto3Client } from './boto3-client.ts';
import { type RecordedRegistry, startRecordedRegistry } from './recorded-registry.ts';
import type { RegistryClient } from './registry-client.ts';
import * as life from './registry-life.ts';
import { showLists } from './registry-lists.ts';

let registry: RecordedRegistry;
let client: RegistryClient;
before(async () => {
  registry = await startRecordedRegistry();
  client = await startBoto3Client(registry.endpoint);
});
after(async () => {
  await client?.close();
  await registry?.close();
});

// In order: each test goes on with what the tests before it created.

test('S0-07 boto3: a registry is looked up, created, found again and changed', () =>
  life.showRegistry(client));

test('S0-09 boto3: schemas of all eight modes', () => life.showModes(client));

test('boto3: compatible and incompatible versions of Avro, JSON Schema and Protobuf', () =>
  life.showFormats(client));

test('S4-08 boto3: versions by id, number, definition and as the latest, of a name with dots', () =>
  life.showVersions(client));

test('boto3: metadata of versions', () => life.showMetadata(client));

test('boto3: tags', () => life.showTags(client));

test('boto3: update, deletion of versions, of the schema and of the registry', () =>
  life.showUpdateAndDeletion(client));

test('S4-08 boto3: registries, schemas and versions in pages of 23', async () => {
  const listed = await startRecordedRegistry();
  const lister = await startBoto3Client(listed.endpoint);
  try {
    await showLists(listed, lister);
  } finally {
    await lister.close();
    await listed.close();
  }
});
