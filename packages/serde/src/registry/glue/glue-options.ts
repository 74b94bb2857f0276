import type { Compatibility, GlueClientConfig } from '@aws-sdk/client-glue';
import type { SchemaCatalog } from '../schema-catalog.ts';
import type { DataFormat, SchemaRegistry } from '../schema-registry.ts';
import type { GlueSchema } from './glue-schema.ts';

/** How a Glue registry is reached, and what is registered there. */
export interface GlueRegistryOptions {
  /** Its name, or its ARN: then region and account are the ARN's. */
  registryName: string;
  /** Default: as the AWS SDK finds it (`AWS_REGION`, profile). */
  region?: string;
  /** Default: as the AWS SDK finds it (`AWS_ENDPOINT_URL_GLUE`), else the region's own. */
  endpoint?: string;
  /** Default: the AWS SDK's credential chain. */
  credentials?: GlueClientConfig['credentials'];
  /** Role that `credentials` take on for the calls of this registry alone, such as one of another account. Default none. */
  assumeRoleArn?: string;
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
  /** Answers kept, by id and by definition each. Default 1000. */
  cacheSize?: number;
  /** Anything else of the SDK's client; wins over the options above. */
  clientConfig?: GlueClientConfig;
}

/** A Glue Schema Registry. Throws as `SchemaRegistry` says. */
export interface GlueRegistry extends SchemaRegistry, SchemaCatalog {
  readonly framing: 'glue';
  /** Which registry this is, for people and for `withSnapshot`. */
  readonly source: string;
  schemaById(schemaVersionId: string): Promise<GlueSchema>;
  schemaByDefinition(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
    transport?: string,
  ): Promise<GlueSchema>;
  /**
   * The version registered last that is available. Asked for again behind the caller's back after 5 minutes.
   *
   * @throws SchemaNotRegisteredError there is none
   */
  latestSchema(schemaName: string): Promise<GlueSchema>;
  /** Looks the registry up and creates it when it does not exist. Another process creating it meanwhile is success. */
  ensureRegistry(): Promise<void>;
  schemaVersion(schemaName: string, version: number | 'latest'): Promise<GlueSchema>;
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
