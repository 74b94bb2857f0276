import {
  GetSchemaCommand,
  GetSchemaVersionCommand,
  ListSchemasCommand,
  ListSchemaVersionsCommand,
  type SchemaVersionListItem,
} from '@aws-sdk/client-glue';
import type { GlueConnection } from './glue-client.ts';
import type { GlueName } from './glue-name.ts';
import type { GlueRegistry } from './glue-options.ts';
import { glueSchema } from './glue-schema.ts';

/** Lists schemas and versions for people and tools. */
export function createGlueCatalog(
  glue: GlueConnection,
  registry: GlueName,
): Pick<GlueRegistry, 'schemaNames' | 'versionNumbers' | 'schemaVersion' | 'compatibilityOf'> {
  const { registryId: RegistryId } = registry;

  async function fetchVersionNumbers(schemaName: string): Promise<number[]> {
    const SchemaId = registry.schemaId(schemaName);
    const versions: SchemaVersionListItem[] = [];
    let NextToken: string | undefined;
    do {
      const request = new ListSchemaVersionsCommand({ SchemaId, MaxResults: 100, NextToken });
      const page = await glue.sdk().send(request);
      versions.push(...(page.Schemas ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return versions
      .filter(({ Status }) => Status === 'AVAILABLE')
      .map(({ VersionNumber = 0 }) => VersionNumber)
      .sort((a, b) => a - b);
  }

  return {
    async *schemaNames({ pageSize = 100 } = {}) {
      let NextToken: string | undefined;
      do {
        const request = new ListSchemasCommand({ RegistryId, MaxResults: pageSize, NextToken });
        const page = await glue.call(() => glue.sdk().send(request));
        for (const { SchemaName } of page.Schemas ?? []) if (SchemaName) yield SchemaName;
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
    },
    versionNumbers: (name) => glue.callFor(name, () => fetchVersionNumbers(name)),
    schemaVersion: (name, number) =>
      glue.callFor(name, async () => {
        const request = new GetSchemaVersionCommand({
          SchemaId: registry.schemaId(name),
          SchemaVersionNumber:
            number === 'latest' ? { LatestVersion: true } : { VersionNumber: number },
        });
        return glueSchema(await glue.sdk().send(request), name);
      }),
    compatibilityOf: (name) =>
      glue.callFor(name, async () => {
        const request = new GetSchemaCommand({ SchemaId: registry.schemaId(name) });
        const { Compatibility = 'BACKWARD' } = await glue.sdk().send(request);
        return Compatibility;
      }),
  };
}
