import type { RegistryClient } from '../schema-catalog.ts';
import type { SchemaReference } from '../schema-registry.ts';
import type { ConfluentAuth } from './confluent-client.ts';
import type { ConfluentSchema } from './confluent-schema.ts';

/** Compatibility modes by their names in Glue. Confluent calls `_ALL` `_TRANSITIVE` and has no DISABLED. */
export type ConfluentCompatibility = 'NONE' | `${'BACKWARD' | 'FORWARD' | 'FULL'}${'' | '_ALL'}`;

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
  references?: Readonly<Record<string, readonly Required<Omit<SchemaReference, 'definition'>>[]>>;
  /** Limit of one attempt, of at most 3. Default 5000. */
  requestTimeoutMs?: number;
  /** Limit of the answers kept by id, and by definition. Default 1000. */
  cacheSize?: number;
}

/** A registry with Confluent's API: Confluent, Apicurio, Karapace. Its `source` is its URL without credentials. */
export interface ConfluentRegistry extends RegistryClient<ConfluentSchema> {
  readonly framing: 'confluent';
}
