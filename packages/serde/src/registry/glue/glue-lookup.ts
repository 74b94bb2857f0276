import { EntityNotFoundException, GetSchemaVersionCommand } from '@aws-sdk/client-glue';
import { UnknownSchemaError } from '../../errors.ts';
import { createIdCache, createNameCache } from '../schema-cache.ts';
import type { GlueConnection } from './glue-client.ts';
import type { GlueRegistry } from './glue-options.ts';
import { type GlueSchema, glueSchema } from './glue-schema.ts';

/** Finds versions by id and by name for records. Answers are kept. */
export function createGlueLookup(
  glue: GlueConnection,
  schemaVersion: GlueRegistry['schemaVersion'],
  cacheSize: number,
): Pick<GlueRegistry, 'schemaById' | 'latestSchema'> {
  const byId = createIdCache<GlueSchema>(cacheSize);
  const latest = createNameCache<GlueSchema>(cacheSize);

  async function fetchById(schemaVersionId: string): Promise<GlueSchema> {
    const request = new GetSchemaVersionCommand({ SchemaVersionId: schemaVersionId });
    try {
      const version = await glue.sdk().send(request);
      return glueSchema(version, nameOf(version.SchemaArn));
    } catch (error) {
      if (!(error instanceof EntityNotFoundException)) throw error;
      throw new UnknownSchemaError(schemaVersionId, { cause: error });
    }
  }

  return {
    schemaById: (id) => byId(id, () => glue.call(() => fetchById(id))),
    latestSchema: (name) => latest(name, () => schemaVersion(name, 'latest')),
  };
}

/** `arn:<partition>:glue:<region>:<account>:schema/<registry>/<schema>` */
function nameOf(schemaArn: string | undefined): string | undefined {
  return schemaArn?.split('/')[2];
}
