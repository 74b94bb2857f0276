import { after, before, test } from 'node:test';
import { type RecordedRegistry, startRecordedRegistry } from './recorded-registry.ts';
import type { RegistryClient } from './registry-client.ts';
import * as life from './registry-life.ts';
import { showLists } from './registry-lists.ts';
import { startSdkClient } from './sdk-client.ts';

let registry: RecordedRegistry;
let client: RegistryClient;
before(async () => {
  registry = await startRecordedRegistry();
  client = await startSdkClient(registry.endpoint);
});
after(async () => {
  await client?.close();
  await registry?.close();
});

// In order: each test goes on with what the tests before it created.

test('S0-07 AWS’s SDK for JavaScript: a registry is looked up, created, found again and changed', () =>
  life.showRegistry(client));

test('S0-09 AWS’s SDK for JavaScript: schemas of all eight modes', () => life.showModes(client));

test('AWS’s SDK for JavaScript: compatible and incompatible versions of Avro, JSON Schema and Protobuf', () =>
  life.showFormats(client));

test('S4-08 AWS’s SDK for JavaScript: versions by id, number, definition and as the latest, of a name with dots', () =>
  life.showVersions(client));

test('AWS’s SDK for JavaScript: metadata of versions', () => life.showMetadata(client));

test('AWS’s SDK for JavaScript: tags', () => life.showTags(client));

test('AWS’s SDK for JavaScript: update, deletion of versions, of the schema and of the registry', () =>
  life.showUpdateAndDeletion(client));

test('S4-08 AWS’s SDK for JavaScript: registries, schemas and versions in pages of 23', async () => {
  const listed = await startRecordedRegistry();
  const lister = await startSdkClient(listed.endpoint);
  try {
    await showLists(listed, lister);
  } finally {
    await lister.close();
    await listed.close();
  }
});
