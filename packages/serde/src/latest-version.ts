import { formatOf, type SchemaFormat } from './codec.ts';
import { SchemaRefusedError } from './errors.ts';
import type { RegistryClient } from './registry/schema-catalog.ts';
import type { DataFormat, RegisteredSchema, SchemaRegistry } from './registry/schema-registry.ts';

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
 * @throws InvalidSchemaError the definition cannot be compiled
 * @throws FormatNotLoadedError the data format of the newest version is not among `formats`
 */
export async function findLatestVersion(
  registry: Pick<SchemaRegistry, 'framing'> &
    Partial<Pick<RegistryClient<RegisteredSchema>, 'latestSchema'>>,
  formats: readonly SchemaFormat[],
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
      ? misfitOf(latest, schema, formatOf(latest, formats), registry)
      : `its data format is ${latest.dataFormat}`;
  if (reason === undefined) return latest;
  throw new SchemaRefusedError({
    schemaName,
    ...(latest.versionNumber !== undefined && { versionNumber: latest.versionNumber }),
    reason: `the latest version cannot read what the definition writes: ${reason}; latestCompatibilityStrict: false writes all the same`,
  });
}

function misfitOf(
  latest: RegisteredSchema,
  definition: string,
  format: SchemaFormat,
  { framing }: Pick<SchemaRegistry, 'framing'>,
): string | undefined {
  if (definition === latest.definition) return undefined;
  const { dataFormat, references } = latest;
  if (!format.findReadFaults)
    throw new TypeError(
      `the format of ${dataFormat} cannot compare schemas: latestCompatibilityStrict must be false`,
    );
  const faults = format.findReadFaults(latest, { definition, references }, { framing });
  if (faults.length === 0) return undefined;
  return faults.map(({ type, readerLocation }) => `${type} at ${readerLocation || '/'}`).join(', ');
}
