import assert from 'node:assert/strict';
import {
  CreateRegistryCommand,
  CreateSchemaCommand,
  RegisterSchemaVersionCommand,
} from '@aws-sdk/client-glue';
import { createClient } from '../../packages/glue-local/src/testing/start-registry.ts';
import type { RecordedRegistry } from './recorded-registry.ts';
import type { RegistryClient } from './registry-client.ts';

/** Three pages of 23, the last with one row. */
const count = 47;
const pageSize = 23;
const pages = 3;
const RegistryId = { RegistryName: 'legopoc' };
const nameOf = (index: number) => `fullfillment.test_db.table_${String(index).padStart(2, '0')}`;
const names = Array.from({ length: count }, (_, index) => nameOf(index));

/** Registries, schemas and versions are listed in pages of 23: each once, with as many requests as there are pages. */
export async function showLists(registry: RecordedRegistry, client: RegistryClient): Promise<void> {
  await createRows(registry.endpoint);
  registry.takeOperations();
  const rowsOf = async <Row extends object>(
    operation: 'ListRegistries' | 'ListSchemas' | 'ListSchemaVersions',
    input: object,
  ) => {
    const rows = await client.list(operation, input as never, pageSize);
    assert.deepEqual(registry.takeOperations(), Array(pages).fill(operation));
    return rows as Row[];
  };
  const registries = await rowsOf<{ RegistryName: string }>('ListRegistries', {});
  assert.deepEqual(
    registries.map(({ RegistryName }) => RegistryName).sort(),
    [...names.slice(1), RegistryId.RegistryName].sort(),
  );
  const schemas = await rowsOf<{ SchemaName: string }>('ListSchemas', { RegistryId });
  assert.deepEqual(
    schemas.map(({ SchemaName }) => SchemaName),
    names,
  );
  const SchemaId = { ...RegistryId, SchemaName: nameOf(0) };
  const versions = await rowsOf<{ VersionNumber: number }>('ListSchemaVersions', { SchemaId });
  assert.deepEqual(
    versions.map(({ VersionNumber }) => VersionNumber),
    Array.from({ length: count }, (_, index) => count - index),
  );
}

async function createRows(endpoint: string): Promise<void> {
  const client = createClient(endpoint);
  const definition = (index: number) =>
    JSON.stringify({ type: 'fixed', name: `version_${index}`, size: 16 });
  await client.send(new CreateRegistryCommand(RegistryId));
  for (const [index, name] of names.entries()) {
    if (index > 0) await client.send(new CreateRegistryCommand({ RegistryName: name }));
    await client.send(
      new CreateSchemaCommand({
        RegistryId,
        SchemaName: name,
        DataFormat: 'AVRO',
        Compatibility: 'NONE',
        SchemaDefinition: definition(0),
      }),
    );
    if (index === 0) continue;
    const SchemaId = { ...RegistryId, SchemaName: nameOf(0) };
    await client.send(
      new RegisterSchemaVersionCommand({ SchemaId, SchemaDefinition: definition(index) }),
    );
  }
  client.destroy();
}
