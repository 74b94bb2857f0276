import {
  type GlueClient,
  ListSchemasCommand,
  ListSchemaVersionsCommand,
} from '@aws-sdk/client-glue';

/** Each version of a schema with its id and status, the newest first. */
export async function versionsOf(client: GlueClient, RegistryName: string, SchemaName: string) {
  const SchemaId = { RegistryName, SchemaName };
  const { Schemas = [] } = await client.send(new ListSchemaVersionsCommand({ SchemaId }));
  return Schemas.map(({ VersionNumber, Status, SchemaVersionId }) => ({
    number: VersionNumber,
    status: Status,
    id: SchemaVersionId,
  }));
}

export async function schemaNamesOf(client: GlueClient, RegistryName: string) {
  const { Schemas = [] } = await client.send(
    new ListSchemasCommand({ RegistryId: { RegistryName } }),
  );
  return Schemas.map(({ SchemaName }) => SchemaName);
}

/** The id of the schema version in the header of a Glue frame. */
export function versionIdOf(frame: Buffer): string {
  const digits = frame.toString('hex', 2, 18);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
