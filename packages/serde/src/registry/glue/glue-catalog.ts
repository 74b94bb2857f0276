import {
  GetSchemaCommand,
  GetSchemaVersionCommand,
  ListSchemasCommand,
  ListSchemaVersionsCommand,
  type SchemaVersionListItem,
} from '@aws-sdk/client-glue';
import { RegistryRequestError, UnknownSchemaError } from '../../errors.ts';
import type { SchemaCatalog } from '../schema-catalog.ts';
import type { GlueConnection } from './glue-client.ts';
import type { GlueName } from './glue-name.ts';
import type { GlueRegistry } from './glue-options.ts';
import { glueSchema } from './glue-schema.ts';

/** Finds schemas and versions by id and by name. */
export function createGlueCatalog(
  glue: GlueConnection,
  registry: GlueName,
): SchemaCatalog & Pick<GlueRegistry, 'schemaById' | 'schemaVersion'> {
  const { registryId: RegistryId } = registry;

  async function fetchVersionNumbers(schemaName: string): Promise<number[]> {
    const SchemaId = registry.schemaId(schemaName);
    const versions: SchemaVersionListItem[] = [];
    let NextToken: string | undefined;
    do {
      const request = new ListSchemaVersionsCommand({ SchemaId, MaxResults: 100, NextToken });
      const page = await glue.sdk().send(request);
      versions.push(...listIn(page.Schemas));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return versions
      .filter(({ Status }) => Status === 'AVAILABLE')
      .map(({ VersionNumber = 0 }) => VersionNumber)
      .sort((a, b) => a - b);
  }

  return {
    schemaById(id) {
      const request = new GetSchemaVersionCommand({ SchemaVersionId: id });
      const fetchVersion = async () => {
        const version = await glue.sdk().send(request);
        // `arn:<partition>:glue:<region>:<account>:schema/<registry>/<schema>`
        return glueSchema(version, version.SchemaArn?.split('/')[2]);
      };
      return glue.callFor(id, fetchVersion, UnknownSchemaError);
    },
    async *schemaNames({ pageSize = 100 } = {}) {
      let NextToken: string | undefined;
      do {
        const request = new ListSchemasCommand({ RegistryId, MaxResults: pageSize, NextToken });
        const page = await glue.call(() => glue.sdk().send(request));
        for (const { SchemaName } of listIn(page.Schemas)) if (SchemaName) yield SchemaName;
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

/** A list in an answer. The SDK passes on what another kind of server answers. */
function listIn<T>(answer: T[] | undefined = []): T[] {
  const isList = Array.isArray(answer) && answer.every((one) => typeof one === 'object' && one);
  if (isList) return answer;
  throw new RegistryRequestError('expected a list in the answer; check the endpoint of Glue');
}
