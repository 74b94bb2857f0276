import {
  AccessDeniedException,
  AlreadyExistsException,
  CreateRegistryCommand,
  CreateSchemaCommand,
  EntityNotFoundException,
  GetRegistryCommand,
  GetSchemaByDefinitionCommand,
  GetSchemaCommand,
  GetSchemaVersionCommand,
  InvalidInputException,
  PutSchemaVersionMetadataCommand,
  RegisterSchemaVersionCommand,
  ResourceNumberLimitExceededException,
  type SchemaId,
} from '@aws-sdk/client-glue';
import {
  autoRegistrationIsOff,
  SchemaNotRegisteredError,
  SchemaRefusedError,
} from '../../errors.ts';
import { createSchemaCache } from '../schema-cache.ts';
import type { DataFormat } from '../schema-registry.ts';
import type { GlueConnection } from './glue-client.ts';
import type { GlueName } from './glue-name.ts';
import type { GlueRegistry, GlueRegistryOptions } from './glue-options.ts';
import { type GlueSchema, type GlueVersion, glueSchema } from './glue-schema.ts';
import { availableVersion } from './pending-version.ts';
import { canBeAvroAndJson, checkDataFormat } from './schema-data-format.ts';

/** A definition that a writer uses, and the name that it is registered under. */
interface Candidate {
  schemaName: string;
  dataFormat: DataFormat;
  definition: string;
  /** Topic that the schema is first used for. */
  transport?: string | undefined;
}

/** Finds versions by definition, and registers those that are absent. */
export function createGlueRegistration(
  glue: GlueConnection,
  registry: GlueName,
  options: GlueRegistryOptions,
): Pick<GlueRegistry, 'schemaByDefinition' | 'ensureRegistry' | 'registerVersion'> {
  const { autoRegistration = false, compatibility = 'BACKWARD', description, tags } = options;
  const { pendingTimeoutMs = 30_000, metadata } = options;
  const { registryId: RegistryId } = registry;
  const oncePerRegistry = createSchemaCache<void>();

  async function findOrCreateRegistry(): Promise<void> {
    try {
      await glue.sdk().send(new GetRegistryCommand({ RegistryId }));
      return;
    } catch (error) {
      if (!(error instanceof EntityNotFoundException)) throw error;
    }
    const request = { RegistryName: registry.name, Description: description, Tags: tags };
    try {
      await glue.sdk().send(new CreateRegistryCommand(request));
    } catch (error) {
      if (!(error instanceof AlreadyExistsException)) throw error;
    }
  }

  const ensureRegistry = () => oncePerRegistry('', () => glue.call(findOrCreateRegistry));

  async function findOrRegister(candidate: Candidate): Promise<GlueSchema> {
    const { schemaName, definition } = candidate;
    const SchemaId = registry.schemaId(schemaName);
    try {
      const request = { SchemaId, SchemaDefinition: definition };
      const found = await glue.sdk().send(new GetSchemaByDefinitionCommand(request));
      return await available(candidate, found);
    } catch (error) {
      if (!(error instanceof EntityNotFoundException)) throw error;
      if (!autoRegistration)
        throw new SchemaNotRegisteredError(schemaName, { cause: error }, autoRegistrationIsOff);
      // Glue throws one exception for an absent schema and an absent version. Only the text differs; the Java and Python
      // libraries compare it too.
      if (error.message.includes('Schema version is not found.')) return await register(candidate);
      await ensureRegistry();
      return await createSchema(candidate);
    }
  }

  async function createSchema(candidate: Candidate): Promise<GlueSchema> {
    const { schemaName, dataFormat, definition } = candidate;
    try {
      const created = await glue.sdk().send(
        new CreateSchemaCommand({
          RegistryId,
          SchemaName: schemaName,
          DataFormat: dataFormat,
          Compatibility: compatibility,
          SchemaDefinition: definition,
          Description: description,
          Tags: tags,
        }),
      );
      return await registered(candidate, {
        SchemaVersionId: created.SchemaVersionId,
        VersionNumber: created.LatestSchemaVersion,
        Status: created.SchemaVersionStatus,
      });
    } catch (error) {
      if (error instanceof AlreadyExistsException) return await register(candidate);
      throw asRefusal(schemaName, error);
    }
  }

  async function register(candidate: Candidate): Promise<GlueSchema> {
    const { schemaName, dataFormat, definition } = candidate;
    const SchemaId = registry.schemaId(schemaName);
    // Before the registration, because its answer does not have the data format. Glue itself rejects other definitions.
    if (canBeAvroAndJson(definition))
      checkDataFormat(schemaName, dataFormat, await dataFormatOf(SchemaId));
    const request = { SchemaId, SchemaDefinition: definition };
    try {
      const version = await glue.sdk().send(new RegisterSchemaVersionCommand(request));
      return await registered(candidate, version);
    } catch (error) {
      throw asRefusal(schemaName, error);
    }
  }

  /** `undefined` if the policy of the caller has no glue:GetSchema, which nothing else of a writer needs. */
  async function dataFormatOf(SchemaId: SchemaId): Promise<string | undefined> {
    try {
      const { DataFormat } = await glue.sdk().send(new GetSchemaCommand({ SchemaId }));
      return DataFormat;
    } catch (error) {
      if (error instanceof AccessDeniedException) return undefined;
      throw error;
    }
  }

  async function available(candidate: Candidate, version: GlueVersion): Promise<GlueSchema> {
    const { schemaName, dataFormat, definition: SchemaDefinition } = candidate;
    checkDataFormat(schemaName, dataFormat, version.DataFormat);
    const found = await availableVersion(schemaName, version, pendingTimeoutMs, (SchemaVersionId) =>
      glue.sdk().send(new GetSchemaVersionCommand({ SchemaVersionId })),
    );
    return glueSchema({ ...found, DataFormat: dataFormat, SchemaDefinition }, schemaName);
  }

  /** Failures of the labels are ignored, as in the Java library: the version is usable without them. */
  async function registered(candidate: Candidate, version: GlueVersion): Promise<GlueSchema> {
    const schema = await available(candidate, version);
    const { transport } = candidate;
    const labels = {
      ...(transport !== undefined && { 'x-amz-meta-transport': transport }),
      ...metadata,
    };
    const puts = Object.entries(labels).map(([MetadataKey, MetadataValue]) =>
      glue.sdk().send(
        new PutSchemaVersionMetadataCommand({
          SchemaVersionId: schema.schemaVersionId,
          MetadataKeyValue: { MetadataKey, MetadataValue },
        }),
      ),
    );
    await Promise.allSettled(puts);
    return schema;
  }

  return {
    ensureRegistry,
    schemaByDefinition: (schemaName, dataFormat, definition, transport) =>
      glue.call(() => findOrRegister({ schemaName, dataFormat, definition, transport })),
    registerVersion: (schemaName, definition, dataFormat = 'AVRO') =>
      glue.call(async () => {
        const candidate = { schemaName, dataFormat, definition };
        try {
          return await register(candidate);
        } catch (error) {
          if (!(error instanceof EntityNotFoundException)) throw error;
          return await createSchema(candidate);
        }
      }),
  };
}

/** Malformed, over a quota, or a mode that allows no further version: the registry's message says which. */
function asRefusal(schemaName: string, error: unknown): unknown {
  const refused =
    error instanceof InvalidInputException || error instanceof ResourceNumberLimitExceededException;
  if (!refused) return error;
  return new SchemaRefusedError({ schemaName, reason: error.message }, { cause: error });
}
