import type { SchemaCatalog } from '../schema-catalog.ts';
import type { DataFormat, SchemaReference, SchemaRegistry } from '../schema-registry.ts';
import type { ConfluentAuth } from './confluent-client.ts';
import type { ConfluentSchema } from './confluent-schema.ts';

/** Confluent's name of each mode. */
export const compatibilityLevels = {
  NONE: 'NONE',
  BACKWARD: 'BACKWARD',
  BACKWARD_ALL: 'BACKWARD_TRANSITIVE',
  FORWARD: 'FORWARD',
  FORWARD_ALL: 'FORWARD_TRANSITIVE',
  FULL: 'FULL',
  FULL_ALL: 'FULL_TRANSITIVE',
} as const;

/** Compatibility modes by their names in Glue. Confluent calls `_ALL` `_TRANSITIVE` and has no DISABLED. */
export type ConfluentCompatibility = keyof typeof compatibilityLevels;

/** How to reach a Confluent-compatible registry, and how to register schemas there. */
export interface ConfluentRegistryOptions {
  /**
   * With the base path: `http://localhost:8081` for Confluent and Karapace, `http://localhost:8080/apis/ccompat/v7` for
   * Apicurio. `user:password@` in it is sent as HTTP Basic.
   */
  url: string;
  /** Default: user and password of the URL, else none. */
  auth?: ConfluentAuth;
  /** Whether this client may register versions. Default `false`. */
  autoRegistration?: boolean;
  /** Level of subjects that this client creates. Existing subjects keep theirs. Default `BACKWARD`. */
  compatibility?: ConfluentCompatibility;
  /** References of the definitions that are written, by schema name. Default none. */
  references?: Readonly<Record<string, readonly Omit<SchemaReference, 'definition'>[]>>;
  /** Limit of one attempt, of at most 3. Default 5000. */
  requestTimeoutMs?: number;
  /** Limit of the answers kept by id, and by definition. Default 1000. */
  cacheSize?: number;
}

/** A registry with Confluent's API: Confluent, Apicurio, Karapace. Its errors are those of `SchemaRegistry`. */
export interface ConfluentRegistry extends SchemaRegistry, SchemaCatalog {
  readonly framing: 'confluent';
  /** Identifies the registry, for people and for `withSnapshot`: its URL without credentials. */
  readonly source: string;
  /** @param id in decimal */
  schemaById(id: string): Promise<ConfluentSchema>;
  schemaByDefinition(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
  ): Promise<ConfluentSchema>;
  /**
   * The newest version. Refreshed in the background after 5 minutes.
   *
   * @throws SchemaNotRegisteredError there is no version
   */
  latestSchema(schemaName: string): Promise<ConfluentSchema>;
  schemaVersion(schemaName: string, version: number | 'latest'): Promise<ConfluentSchema>;
  /** Registers a definition under a name, regardless of `autoRegistration`. */
  registerVersion(
    schemaName: string,
    definition: string,
    dataFormat?: DataFormat /* default AVRO */,
  ): Promise<ConfluentSchema>;
  /** Resolves when the registry answers. Rejects when it is unreachable or rejects the credentials. */
  check(): Promise<void>;
  /** Does nothing: idle connections do not keep the process alive. */
  close(): void;
}
