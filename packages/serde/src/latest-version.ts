import { SchemaRefusedError } from './errors.ts';
import type { RegistryClient } from './registry/schema-catalog.ts';
import type { DataFormat, RegisteredSchema } from './registry/schema-registry.ts';

/** What the values are made for. */
interface LatestVersionChoice {
  readonly schema?: string | undefined;
  readonly dataFormat?: DataFormat | undefined;
  readonly latestCompatibilityStrict?: boolean | undefined;
}

/**
 * The newest version of a name, which is compared with the definition that the values are made for.
 *
 * Source: confluentinc/schema-registry, `AbstractKafkaSchemaSerDe.lookupLatestVersion`: the newest version must be able to
 * read what the definition writes, unless `latest.compatibility.strict` is false.
 *
 * @throws SchemaNotRegisteredError the name has no version
 * @throws SchemaRefusedError the newest version cannot read what the definition writes
 */
export async function findLatestVersion(
  registry: Partial<Pick<RegistryClient<RegisteredSchema>, 'latestSchema'>>,
  schemaName: string,
  { schema, dataFormat, latestCompatibilityStrict = true }: LatestVersionChoice,
): Promise<RegisteredSchema> {
  if (!registry.latestSchema)
    throw new TypeError(
      'useLatestVersion needs a registry that finds the latest version of a name',
    );
  const latest = await registry.latestSchema(schemaName);
  if (schema === undefined || !latestCompatibilityStrict) return latest;
  const reason =
    (dataFormat ?? latest.dataFormat) === latest.dataFormat
      ? await misfitOf(latest, schema)
      : `its data format is ${latest.dataFormat}`;
  if (reason === undefined) return latest;
  throw new SchemaRefusedError({
    schemaName,
    ...(latest.versionNumber !== undefined && { versionNumber: latest.versionNumber }),
    reason: `the latest version cannot read what the definition writes: ${reason}; latestCompatibilityStrict: false writes all the same`,
  });
}

async function misfitOf(latest: RegisteredSchema, definition: string): Promise<string | undefined> {
  // Loaded on first use: most programs never compare schemas.
  const { checkCompatibility } = await import('./compatibility/index.ts');
  const { dataFormat, references } = latest;
  const previous = [{ definition, references }];
  const { compatible, incompatibilities } = checkCompatibility(dataFormat, {
    mode: 'BACKWARD',
    newSchema: latest,
    previous,
  });
  if (compatible) return undefined;
  return incompatibilities
    .map(({ type, newLocation }) => `${type} at ${newLocation || '/'}`)
    .join(', ');
}
