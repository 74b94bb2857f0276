import type { SchemaCatalog } from '../schema-catalog.ts';
import type { DataFormat, SchemaReference, SchemaRegistry } from '../schema-registry.ts';
import type { ConfluentAuth } from './confluent-client.ts';
import type { ConfluentSchema } from './confluent-schema.ts';

/** Confluent's level of each mode. */
export const compatibilityLevels = {
  NONE: 'NONE',
  BACKWARD: 'BACKWARD',
  BACKWARD_ALL: 'BACKWARD_TRANSITIVE',
  FORWARD: 'FORWARD',
  FORWARD_ALL: 'FORWARD_TRANSITIVE',
  FULL: 'FULL',
  FULL_ALL: 'FULL_TRANSITIVE',
} as const;

/** Compatibility modes by Glue's names; `_ALL` is what Confluent calls `_TRANSITIVE`. Glue's DISABLED has no counterpart. */
export type ConfluentCompatibility = keyof typeof compatibilityLevels;

/** How a Confluent-compatible registry is reached, and what is registered there. */
export interface ConfluentRegistryOptions {
  /**
   * Base path included: `http://localhost:8081` of Confluent's and Karapace, `http://localhost:8080/apis/ccompat/v7` of
   * Apicurio. `user:password@` in it is HTTP Basic.
   */
  url: string;
  /** Default: what the URL says, else none. */
  auth?: ConfluentAuth;
  /** May this client register versions? Default `false`. */
  autoRegistration?: boolean;
  /** Level set on a subject that is created here; that of an existing subject is not changed. Default `BACKWARD`. */
  compatibility?: ConfluentCompatibility;
  /** What definitions that are written build on, by the name of their schema. Default none. */
  references?: Readonly<Record<string, readonly Omit<SchemaReference, 'definition'>[]>>;
  /** One attempt of one call, of at most 3. Default 5000. */
  requestTimeoutMs?: number;
  /** Answers kept, by id and by definition each. Default 1000. */
  cacheSize?: number;
}

/** A registry that speaks Confluent's API: Confluent's own, Apicurio, Karapace. Throws as `SchemaRegistry` says. */
export interface ConfluentRegistry extends SchemaRegistry, SchemaCatalog {
  readonly framing: 'confluent';
  /** Which registry this is, for people and for `withSnapshot`: its URL without a user. */
  readonly source: string;
  /** @param id its decimal text */
  schemaById(id: string): Promise<ConfluentSchema>;
  schemaByDefinition(
    schemaName: string,
    dataFormat: DataFormat,
    definition: string,
  ): Promise<ConfluentSchema>;
  /**
   * The version registered last. Asked for again behind the caller's back after 5 minutes.
   *
   * @throws SchemaNotRegisteredError there is none
   */
  latestSchema(schemaName: string): Promise<ConfluentSchema>;
  schemaVersion(schemaName: string, version: number | 'latest'): Promise<ConfluentSchema>;
  /** Registers a definition under a name, whatever `autoRegistration` says. */
  registerVersion(
    schemaName: string,
    definition: string,
    dataFormat?: DataFormat /* default AVRO */,
  ): Promise<ConfluentSchema>;
  /** Resolves when the registry answers; rejects when it is out of reach or knows no such caller. */
  check(): Promise<void>;
  /** Nothing to free: connections that are idle keep no process alive. */
  close(): void;
}
