import {
  type GlueClient,
  ListRegistriesCommand,
  ListSchemasCommand,
  ListSchemaVersionsCommand,
} from '@aws-sdk/client-glue';
import { SchemaId } from './start-registry.ts';

export async function registryNames(client: GlueClient) {
  const { Registries = [] } = await client.send(new ListRegistriesCommand({}));
  return Registries.map((row) => row.RegistryName);
}

export async function schemaNames(client: GlueClient) {
  const { Schemas = [] } = await client.send(new ListSchemasCommand({}));
  return Schemas.map((row) => row.SchemaName);
}

/** Newest first. */
export async function versionNumbers(client: GlueClient) {
  const { Schemas = [] } = await client.send(new ListSchemaVersionsCommand({ SchemaId }));
  return Schemas.map((row) => row.VersionNumber);
}
