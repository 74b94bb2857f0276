import {
  AlreadyExistsException,
  CreateRegistryCommand,
  CreateSchemaCommand,
  EntityNotFoundException,
  GetRegistryCommand,
  GetSchemaByDefinitionCommand,
  GetSchemaCommand,
  GetSchemaVersionCommand,
  GlueClient,
  InvalidInputException,
  ListSchemasCommand,
  ListSchemaVersionsCommand,
  PutSchemaVersionMetadataCommand,
  RegisterSchemaVersionCommand,
  ResourceNumberLimitExceededException,
  type SchemaVersionListItem,
} from '@aws-sdk/client-glue';
import {
  InvalidSchemaError,
  RegistryAccessError,
  SchemaNotRegisteredError,
  SchemaRefusedError,
  UndecodableError,
  UnknownSchemaError,
} from '../../errors.ts';
import { createSchemaCache, nameRefreshMs } from '../schema-cache.ts';
import type { DataFormat } from '../schema-registry.ts';
import { assumedRole } from './assumed-role.ts';
import { asRegistryError } from './glue-failure.ts';
import { glueName } from './glue-name.ts';
import type { GlueRegistry, GlueRegistryOptions, GlueSchema } from './glue-options.ts';
import { availableVersion, type GlueVersion } from './pending-version.ts';

export type { SchemaCatalog } from '../schema-catalog.ts';
export type { GlueRegistry, GlueRegistryOptions, GlueSchema } from './glue-options.ts';

const unreadableMemoryMs = 10_000;

/** The client itself is made at the first call: a service can start while AWS is not to be reached. */
export function createGlueRegistry(options: GlueRegistryOptions): GlueRegistry {
  const { autoRegistration = false, compatibility = 'BACKWARD', description, tags } = options;
  const { requestTimeoutMs = 5_000, pendingTimeoutMs = 30_000, cacheSize = 1_000 } = options;
  const named = glueName(options.registryName);
  const RegistryId = named.registryId;
  const byId = createSchemaCache<GlueSchema>({
    maxEntries: cacheSize,
    // A burst of records that cannot be read must not become a burst of requests.
    failureMs: (error) => (error instanceof UndecodableError ? unreadableMemoryMs : 0),
  });
  const names = { maxEntries: cacheSize, refreshAfterMs: nameRefreshMs };
  const byDefinition = createSchemaCache<GlueSchema>(names);
  const latest = createSchemaCache<GlueSchema>(names);
  const oncePerRegistry = createSchemaCache<void>();
  let client: GlueClient | undefined;

  function glue(): GlueClient {
    const region = named.region ?? options.region;
    const { credentials, assumeRoleArn: roleArn } = options;
    client ??= new GlueClient({
      ...(region !== undefined && { region }),
      ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
      ...(roleArn !== undefined
        ? { credentials: assumedRole({ roleArn, region, credentials }) }
        : credentials !== undefined && { credentials }),
      // Pauses between attempts double and are drawn by chance; throttling begins with longer ones.
      maxAttempts: 3,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: Math.min(2_000, requestTimeoutMs),
        requestTimeout: requestTimeoutMs,
        throwOnRequestTimeout: true,
      },
      ...options.clientConfig,
    });
    return client;
  }

  async function ensureRegistry(): Promise<void> {
    try {
      await glue().send(new GetRegistryCommand({ RegistryId }));
      return;
    } catch (error) {
      if (!(error instanceof EntityNotFoundException)) throw error;
    }
    const request = { RegistryName: named.name, Description: description, Tags: tags };
    try {
      await glue().send(new CreateRegistryCommand(request));
    } catch (error) {
      if (!(error instanceof AlreadyExistsException)) throw error;
    }
  }

  const askVersion = (SchemaVersionId: string | undefined) =>
    glue().send(new GetSchemaVersionCommand({ SchemaVersionId }));

  async function fetchVersion(schemaVersionId: string): Promise<GlueSchema> {
    try {
      const version = await askVersion(schemaVersionId);
      const { DataFormat, SchemaDefinition = '', SchemaArn } = version;
      return glueSchema(version, DataFormat, SchemaDefinition, nameOf(SchemaArn));
    } catch (error) {
      if (!(error instanceof EntityNotFoundException)) throw error;
      throw new UnknownSchemaError(schemaVersionId, { cause: error });
    }
  }

  async function findOrRegister(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
    transport: string | undefined,
  ): Promise<GlueSchema> {
    const SchemaId = named.schemaId(schemaName);
    let absence: EntityNotFoundException;
    try {
      const found = await glue().send(
        new GetSchemaByDefinitionCommand({ SchemaId, SchemaDefinition: definition }),
      );
      return await usable(schemaName, dataFormat, definition, found);
    } catch (error) {
      if (!(error instanceof EntityNotFoundException)) throw error;
      absence = error;
    }
    if (!autoRegistration) throw new SchemaNotRegisteredError(schemaName, { cause: absence });
    // Glue has one exception for both, told apart by its text, as the Java and Python libraries do.
    const schemaExists = absence.message.includes('Schema version is not found.');
    if (!schemaExists) await oncePerRegistry('', () => call(ensureRegistry));
    const register = schemaExists ? registerVersion : createSchema;
    return await register(schemaName, dataFormat, definition, transport);
  }

  async function createSchema(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
    transport?: string,
  ): Promise<GlueSchema> {
    try {
      const created = await glue().send(
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
      const version = {
        SchemaVersionId: created.SchemaVersionId,
        VersionNumber: created.LatestSchemaVersion,
        Status: created.SchemaVersionStatus,
      };
      return await labelled(await usable(schemaName, dataFormat, definition, version), transport);
    } catch (error) {
      if (error instanceof AlreadyExistsException) {
        return await registerVersion(schemaName, dataFormat, definition, transport);
      }
      throw asRefusal(schemaName, error);
    }
  }

  async function registerVersion(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
    transport?: string,
  ): Promise<GlueSchema> {
    const request = { SchemaId: named.schemaId(schemaName), SchemaDefinition: definition };
    try {
      const version = await glue().send(new RegisterSchemaVersionCommand(request));
      return await labelled(await usable(schemaName, dataFormat, definition, version), transport);
    } catch (error) {
      throw asRefusal(schemaName, error);
    }
  }

  async function usable(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
    version: GlueVersion,
  ): Promise<GlueSchema> {
    const available = await availableVersion(schemaName, version, pendingTimeoutMs, askVersion);
    return glueSchema(available, dataFormat, definition, schemaName);
  }

  /** As in the Java library a failure is passed over: the version serves without its labels. */
  async function labelled(schema: GlueSchema, transport: string | undefined): Promise<GlueSchema> {
    const metadata = {
      ...(transport !== undefined && { 'x-amz-meta-transport': transport }),
      ...options.metadata,
    };
    const puts = Object.entries(metadata).map(([MetadataKey, MetadataValue]) =>
      glue().send(
        new PutSchemaVersionMetadataCommand({
          SchemaVersionId: schema.schemaVersionId,
          MetadataKeyValue: { MetadataKey, MetadataValue },
        }),
      ),
    );
    await Promise.allSettled(puts);
    return schema;
  }

  async function fetchNumbered(
    schemaName: string,
    version: number | 'latest',
  ): Promise<GlueSchema> {
    const found = await glue().send(
      new GetSchemaVersionCommand({
        SchemaId: named.schemaId(schemaName),
        SchemaVersionNumber:
          version === 'latest' ? { LatestVersion: true } : { VersionNumber: version },
      }),
    );
    return glueSchema(found, found.DataFormat, found.SchemaDefinition ?? '', schemaName);
  }

  async function* schemaNames({ pageSize = 100 } = {}): AsyncGenerator<string> {
    let NextToken: string | undefined;
    do {
      const request = new ListSchemasCommand({ RegistryId, MaxResults: pageSize, NextToken });
      const page = await call(() => glue().send(request));
      for (const { SchemaName } of page.Schemas ?? []) if (SchemaName) yield SchemaName;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }

  async function versionNumbers(schemaName: string): Promise<number[]> {
    const versions: SchemaVersionListItem[] = [];
    let NextToken: string | undefined;
    do {
      const SchemaId = named.schemaId(schemaName);
      const request = new ListSchemaVersionsCommand({ SchemaId, MaxResults: 100, NextToken });
      const page = await glue().send(request);
      versions.push(...(page.Schemas ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return versions
      .filter(({ Status }) => Status === 'AVAILABLE')
      .map(({ VersionNumber = 0 }) => VersionNumber)
      .sort((a, b) => a - b);
  }

  async function call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await glue()
        .config.region()
        .catch((cause) => {
          throw new RegistryAccessError('no AWS region is configured', { cause });
        });
      throw asRegistryError(error);
    }
  }

  /** As `call`; what is not found is the schema's absence. */
  function callFor<T>(schemaName: string, work: () => Promise<T>): Promise<T> {
    return call(async () => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof EntityNotFoundException)) throw error;
        throw new SchemaNotRegisteredError(schemaName, { cause: error });
      }
    });
  }

  return {
    framing: 'glue',
    source: `glue ${options.registryName} ${named.region ?? options.region ?? ''}`.trim(),
    schemaById: (id) => byId(id, () => call(() => fetchVersion(id))),
    schemaByDefinition: (schemaName, dataFormat, definition, transport) =>
      byDefinition(`${dataFormat}\0${schemaName}\0${definition}`, () =>
        call(() => findOrRegister(schemaName, dataFormat, definition, transport)),
      ),
    latestSchema: (name) => latest(name, () => callFor(name, () => fetchNumbered(name, 'latest'))),
    ensureRegistry: () => oncePerRegistry('', () => call(ensureRegistry)),

    registerVersion: (schemaName, definition, dataFormat = 'AVRO') =>
      call(async () => {
        try {
          return await registerVersion(schemaName, dataFormat, definition);
        } catch (error) {
          if (!(error instanceof EntityNotFoundException)) throw error;
          return await createSchema(schemaName, dataFormat, definition);
        }
      }),

    schemaNames,
    versionNumbers: (name) => callFor(name, () => versionNumbers(name)),
    schemaVersion: (name, version) => callFor(name, () => fetchNumbered(name, version)),
    compatibilityOf: (name) =>
      callFor(name, async () => {
        const SchemaId = named.schemaId(name);
        const { Compatibility } = await glue().send(new GetSchemaCommand({ SchemaId }));
        return Compatibility ?? 'BACKWARD';
      }),

    check: () =>
      call(async () => {
        await glue().send(new GetRegistryCommand({ RegistryId }));
      }).catch((error) => {
        // Even a refusal is an answer: a consumer may be allowed to read versions and nothing else.
        const cause = error.cause as { name?: string } | undefined;
        const answered = ['EntityNotFoundException', 'AccessDeniedException'];
        if (!answered.includes(cause?.name ?? '')) throw error;
      }),

    close() {
      client?.destroy();
      client = undefined;
    },
  };
}

function glueSchema(
  version: GlueVersion,
  dataFormat: string | undefined,
  definition: string,
  name?: string,
): GlueSchema {
  const { SchemaVersionId: schemaVersionId = '', VersionNumber: versionNumber } = version;
  if (dataFormat !== 'AVRO' && dataFormat !== 'JSON' && dataFormat !== 'PROTOBUF') {
    throw new InvalidSchemaError(`data format ${dataFormat} is not read here`, schemaVersionId);
  }
  return Object.freeze({
    schemaVersionId,
    ...(name !== undefined && { name }),
    ...(versionNumber !== undefined && { versionNumber }),
    dataFormat,
    definition,
  });
}

/** `arn:<partition>:glue:<region>:<account>:schema/<registry>/<schema>` */
function nameOf(schemaArn: string | undefined): string | undefined {
  return schemaArn?.split('/')[2];
}

/** Malformed, over a quota, or a mode that allows no further version: the registry says which. */
function asRefusal(schemaName: string, error: unknown): unknown {
  const refused =
    error instanceof InvalidInputException || error instanceof ResourceNumberLimitExceededException;
  if (!refused) return error;
  return new SchemaRefusedError({ schemaName, reason: error.message }, { cause: error });
}
