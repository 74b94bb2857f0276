import { setTimeout as delay } from 'node:timers/promises';
import {
  AlreadyExistsException,
  type Compatibility,
  CreateRegistryCommand,
  CreateSchemaCommand,
  EntityNotFoundException,
  GetRegistryCommand,
  GetSchemaByDefinitionCommand,
  GetSchemaVersionCommand,
  GlueClient,
  type GlueClientConfig,
  InvalidInputException,
  PutSchemaVersionMetadataCommand,
  RegisterSchemaVersionCommand,
  ResourceNumberLimitExceededException,
} from '@aws-sdk/client-glue';
import {
  InvalidSchemaError,
  RegistryAccessError,
  SchemaNotRegisteredError,
  SchemaPendingError,
  SchemaRefusedError,
  UndecodableError,
  UnknownSchemaError,
} from './errors.ts';
import { asRegistryError } from './glue-failure.ts';
import type { DataFormat, RegisteredSchema, SchemaRegistry } from './schema-registry.ts';
import { createSingleFlight } from './single-flight.ts';

/** How a Glue registry is reached, and what is registered there. */
export interface GlueRegistryOptions {
  registryName: string;
  /** Default: as the AWS SDK finds it (`AWS_REGION`, profile). */
  region?: string;
  /** Default: as the AWS SDK finds it (`AWS_ENDPOINT_URL_GLUE`), else the region's own. */
  endpoint?: string;
  /** Default: the AWS SDK's credential chain. */
  credentials?: GlueClientConfig['credentials'];
  /** May this client create the registry, schemas and versions? Default `false`, as in the Java library. */
  autoRegistration?: boolean;
  /** Mode of schemas that are created here; the mode of an existing schema is not changed. Default `BACKWARD`. */
  compatibility?: Compatibility;
  /** Description and tags of a registry or schema that is created here. Default none. */
  description?: string;
  tags?: Record<string, string>;
  /** Put on every version that is registered here, besides `x-amz-meta-transport`. Default none. */
  metadata?: Record<string, string>;
  /** One attempt of one call; the SDK makes up to 3. Default 5000; connecting may take 2000 of it. */
  requestTimeoutMs?: number;
  /** How long a version may stay PENDING. Default 30 000. */
  pendingTimeoutMs?: number;
  /** Anything else of the SDK's client; wins over the options above. */
  clientConfig?: GlueClientConfig;
}

/** A version in a Glue registry: its id is known. */
export type GlueSchema = RegisteredSchema & { readonly schemaVersionId: string };

/** A Glue Schema Registry. Throws as `SchemaRegistry` says. */
export interface GlueRegistry extends SchemaRegistry {
  readonly framing: 'glue';
  schemaById(schemaVersionId: string): Promise<GlueSchema>;
  schemaByDefinition(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
    transport?: string,
  ): Promise<GlueSchema>;
  /** Looks the registry up and creates it when it does not exist. Another process creating it meanwhile is success. */
  ensureRegistry(): Promise<void>;
  /** Registers a definition under a name, creating the schema if need be, whatever `autoRegistration` says. */
  registerVersion(
    schemaName: string,
    definition: string,
    dataFormat?: DataFormat /* default AVRO */,
  ): Promise<GlueSchema>;
  /** Resolves when the registry answers, whatever its answer is; rejects when it is out of reach or knows no such caller. */
  check(): Promise<void>;
  /** Frees the connections. */
  close(): void;
}

interface Version {
  SchemaVersionId?: string | undefined;
  VersionNumber?: number | undefined;
  Status?: string | undefined;
}

const unreadableMemoryMs = 10_000;
const firstPollMs = 100;
const slowestPollMs = 5_000;

/** The client itself is made at the first call: a service can start while AWS is not to be reached. */
export function createGlueRegistry(options: GlueRegistryOptions): GlueRegistry {
  const { registryName, autoRegistration = false, compatibility = 'BACKWARD' } = options;
  const { requestTimeoutMs = 5_000, pendingTimeoutMs = 30_000 } = options;
  const RegistryId = { RegistryName: registryName };
  const oncePerId = createSingleFlight<GlueSchema>(10_000);
  const oncePerDefinition = createSingleFlight<GlueSchema>(10_000);
  const oncePerRegistry = createSingleFlight<void>(1);
  const unreadableIds = new Map<string, { error: UndecodableError; untilMs: number }>();
  let client: GlueClient | undefined;

  function glue(): GlueClient {
    client ??= new GlueClient({
      ...(options.region !== undefined && { region: options.region }),
      ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
      ...(options.credentials !== undefined && { credentials: options.credentials }),
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
    try {
      await glue().send(
        new CreateRegistryCommand({
          RegistryName: registryName,
          Description: options.description,
          Tags: options.tags,
        }),
      );
    } catch (error) {
      if (!(error instanceof AlreadyExistsException)) throw error;
    }
  }

  async function fetchVersion(schemaVersionId: string): Promise<GlueSchema> {
    const unreadable = unreadableIds.get(schemaVersionId);
    if (unreadable && unreadable.untilMs > Date.now()) throw unreadable.error;
    try {
      const version = await glue().send(
        new GetSchemaVersionCommand({ SchemaVersionId: schemaVersionId }),
      );
      unreadableIds.delete(schemaVersionId);
      return registeredSchema(
        version,
        version.DataFormat,
        version.SchemaDefinition ?? '',
        // arn:<partition>:glue:<region>:<account>:schema/<registry>/<schema>
        version.SchemaArn?.split('/')[2],
      );
    } catch (thrown) {
      const error =
        thrown instanceof EntityNotFoundException
          ? new UnknownSchemaError(schemaVersionId, { cause: thrown })
          : thrown;
      if (!(error instanceof UndecodableError)) throw error;
      // A burst of records that cannot be read must not become a burst of requests.
      if (unreadableIds.size >= 10_000) unreadableIds.clear();
      unreadableIds.set(schemaVersionId, { error, untilMs: Date.now() + unreadableMemoryMs });
      throw error;
    }
  }

  async function findOrRegister(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
    transport: string | undefined,
  ): Promise<GlueSchema> {
    const SchemaId = { RegistryName: registryName, SchemaName: schemaName };
    let absence: EntityNotFoundException;
    try {
      const found = await glue().send(
        new GetSchemaByDefinitionCommand({ SchemaId, SchemaDefinition: definition }),
      );
      return await availableVersion(schemaName, dataFormat, definition, found);
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
          Description: options.description,
          Tags: options.tags,
        }),
      );
      const version = {
        SchemaVersionId: created.SchemaVersionId,
        VersionNumber: created.LatestSchemaVersion,
        Status: created.SchemaVersionStatus,
      };
      return await registered(schemaName, dataFormat, definition, version, transport);
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
    const SchemaId = { RegistryName: registryName, SchemaName: schemaName };
    try {
      const version = await glue().send(
        new RegisterSchemaVersionCommand({ SchemaId, SchemaDefinition: definition }),
      );
      return await registered(schemaName, dataFormat, definition, version, transport);
    } catch (error) {
      throw asRefusal(schemaName, error);
    }
  }

  async function registered(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
    version: Version,
    transport: string | undefined,
  ): Promise<GlueSchema> {
    const schema = await availableVersion(schemaName, dataFormat, definition, version);
    const metadata = {
      ...(transport !== undefined && { 'x-amz-meta-transport': transport }),
      ...options.metadata,
    };
    // As in the Java library a failure is passed over: the version serves without its labels.
    await Promise.allSettled(
      Object.entries(metadata).map(([MetadataKey, MetadataValue]) =>
        glue().send(
          new PutSchemaVersionMetadataCommand({
            SchemaVersionId: schema.schemaVersionId,
            MetadataKeyValue: { MetadataKey, MetadataValue },
          }),
        ),
      ),
    );
    return schema;
  }

  // Waits while the registry checks compatibility; its verdict comes as a status.
  async function availableVersion(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
    version: Version,
  ): Promise<GlueSchema> {
    const { SchemaVersionId } = version;
    const startedMs = Date.now();
    let current = version;
    for (let waitMs = firstPollMs; current.Status === 'PENDING'; waitMs *= 2) {
      const leftMs = startedMs + pendingTimeoutMs - Date.now();
      if (leftMs <= 0) {
        throw new SchemaPendingError(schemaName, SchemaVersionId ?? '', pendingTimeoutMs);
      }
      await delay(Math.min(waitMs, slowestPollMs, leftMs));
      current = await glue().send(new GetSchemaVersionCommand({ SchemaVersionId }));
    }
    if (current.Status !== 'AVAILABLE') {
      throw new SchemaRefusedError({
        schemaName,
        schemaVersionId: SchemaVersionId,
        versionNumber: current.VersionNumber ?? version.VersionNumber,
        reason: `Schema evolution check failed. schemaVersionId ${SchemaVersionId} is in ${current.Status} status.`,
      });
    }
    return registeredSchema(
      { ...version, ...current, SchemaVersionId },
      dataFormat,
      definition,
      schemaName,
    );
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

  return {
    framing: 'glue',

    schemaById: (schemaVersionId) =>
      oncePerId(schemaVersionId, () => call(() => fetchVersion(schemaVersionId))),

    schemaByDefinition: (schemaName, dataFormat, definition, transport) =>
      oncePerDefinition(`${dataFormat}\0${schemaName}\0${definition}`, () =>
        call(() => findOrRegister(schemaName, dataFormat, definition, transport)),
      ),

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

function registeredSchema(
  version: Version,
  dataFormat: string | undefined,
  definition: string,
  name?: string,
): GlueSchema {
  const schemaVersionId = version.SchemaVersionId ?? '';
  if (dataFormat !== 'AVRO' && dataFormat !== 'JSON' && dataFormat !== 'PROTOBUF') {
    throw new InvalidSchemaError(`data format ${dataFormat} is not read here`, schemaVersionId);
  }
  return Object.freeze({
    schemaVersionId,
    ...(name !== undefined && { name }),
    ...(version.VersionNumber !== undefined && { versionNumber: version.VersionNumber }),
    dataFormat,
    definition,
  });
}

// Malformed, over a quota, or a mode that allows no further version: the registry says which.
function asRefusal(schemaName: string, error: unknown): unknown {
  const refused =
    error instanceof InvalidInputException || error instanceof ResourceNumberLimitExceededException;
  if (!refused) return error;
  return new SchemaRefusedError({ schemaName, reason: error.message }, { cause: error });
}
