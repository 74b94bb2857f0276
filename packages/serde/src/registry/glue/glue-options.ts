import type { Compatibility, GlueClientConfig } from '@aws-sdk/client-glue';
import type { RegistryClient } from '../schema-catalog.ts';
import type { GlueSchema } from './glue-schema.ts';

/** How to reach a Glue registry, and how to register schemas there. An empty `region`, `endpoint` or `assumeRoleArn` counts as not given. */
export interface GlueRegistryOptions {
  /** Its name or its ARN. An ARN gives region and account as well. */
  registryName: string;
  /** Default: the region that the AWS SDK finds (`AWS_REGION`, profile). */
  region?: string;
  /** Default: the endpoint that the AWS SDK finds (`AWS_ENDPOINT_URL_GLUE`), else that of the region. */
  endpoint?: string;
  /** Default: the AWS SDK's credential chain. */
  credentials?: GlueClientConfig['credentials'];
  /** Role that `credentials` assume for calls of this registry only, for example in another account. Default none. */
  assumeRoleArn?: string;
  /** Whether this client may create the registry, schemas and versions. Default `false`, as in the Java library. */
  autoRegistration?: boolean;
  /** Mode of schemas that this client creates. Existing schemas keep theirs. Default `BACKWARD`. */
  compatibility?: Compatibility;
  /** Description and tags of registries and schemas that this client creates. Default none. */
  description?: string;
  tags?: Record<string, string>;
  /** Metadata of versions that this client registers, in addition to `x-amz-meta-transport`. Default none. */
  metadata?: Record<string, string>;
  /** Limit of one attempt; the SDK makes up to 3. Default 5000, of which connecting may take 2000. */
  requestTimeoutMs?: number;
  /** How long to wait for a version that is PENDING. 0 does not wait, `Infinity` waits without a limit. Default 30 000. */
  pendingTimeoutMs?: number;
  /** Limit of the answers kept by id, and by definition. Default 1000. */
  cacheSize?: number;
  /** Other options of the SDK's client. They override the options above. */
  clientConfig?: GlueClientConfig;
}

/** A Glue Schema Registry. Any answer satisfies `check`. */
export interface GlueRegistry extends RegistryClient<GlueSchema> {
  readonly framing: 'glue';
  /** Creates the registry unless it exists. Another process may create it at the same time. */
  ensureRegistry(): Promise<void>;
}
