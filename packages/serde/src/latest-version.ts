import { formatOf, type SchemaFormat } from './codec.ts';
import { SchemaNotRegisteredError, SchemaRefusedError } from './errors.ts';
import type { DataFormat, RegisteredSchema } from './registry/schema-registry.ts';
import type { WriterRegistry } from './serializer-options.ts';
import { isTyped, type TypedSchema } from './typed-schema.ts';

/** What the values are made for. */
interface LatestVersionChoice {
  readonly schema?: string | TypedSchema<unknown, never> | undefined;
  /** Of a `schema` without a type of its values, or of the values. Default: that of the newest version. */
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
 * @throws SchemaRefusedError the newest version cannot read what the definition writes, or has another data format
 * @throws InvalidSchemaError the definition cannot be compiled
 * @throws FormatNotLoadedError the data format of the newest version is not among `formats`
 */
export async function findLatestVersion(
  registry: WriterRegistry,
  formats: readonly SchemaFormat[],
  schemaName: string,
  choice: LatestVersionChoice,
): Promise<RegisteredSchema> {
  const latest = await newestOf(registry, schemaName);
  const { schema, latestCompatibilityStrict = true } = choice;
  const { dataFormat = latest.dataFormat } = isTyped(schema) ? schema : choice;
  const refuse = (reason: string, problem = 'cannot read what the definition writes') => {
    const { versionNumber } = latest;
    return new SchemaRefusedError(
      { schemaName, reason, ...(versionNumber !== undefined && { versionNumber }) },
      {},
      `schema ${schemaName}: the newest version ${problem}: ${reason}`,
    );
  };
  if (schema === undefined) {
    if (dataFormat === latest.dataFormat || !latestCompatibilityStrict) return latest;
    throw refuse(`its data format is ${latest.dataFormat}, not ${dataFormat}`, 'cannot be used');
  }
  if (dataFormat !== latest.dataFormat && (latestCompatibilityStrict || isTyped(schema)))
    throw refuse(`its data format is ${latest.dataFormat}, that of the definition ${dataFormat}`);
  if (!latestCompatibilityStrict) return latest;
  const definition = isTyped(schema) ? schema.definition : schema;
  const misfit = misfitOf(latest, definition, formatOf(latest, formats), registry);
  if (misfit === undefined) return latest;
  throw refuse(`${misfit} (latestCompatibilityStrict: false writes all the same)`);
}

async function newestOf(registry: WriterRegistry, schemaName: string): Promise<RegisteredSchema> {
  if (!registry.latestSchema)
    throw new TypeError('useLatestVersion: expected a registry with the function latestSchema');
  try {
    return await registry.latestSchema(schemaName);
  } catch (error) {
    if (!(error instanceof SchemaNotRegisteredError)) throw error;
    throw new SchemaNotRegisteredError(
      schemaName,
      { cause: error },
      'has no version, and useLatestVersion never registers one: register the first version',
    );
  }
}

function misfitOf(
  latest: RegisteredSchema,
  definition: string,
  format: SchemaFormat,
  { framing }: WriterRegistry,
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
