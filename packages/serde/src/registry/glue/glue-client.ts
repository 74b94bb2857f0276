import { EntityNotFoundException, GlueClient } from '@aws-sdk/client-glue';
import { RegistryAccessError, SchemaNotRegisteredError } from '../../errors.ts';
import { assumedRole } from './assumed-role.ts';
import { asRegistryError } from './glue-errors.ts';
import type { GlueRegistryOptions } from './glue-options.ts';

/** The SDK's client, and calls whose errors are this package's own. */
export type GlueConnection = ReturnType<typeof createGlueClient>;

/** Creates the SDK's client at the first call, so that a service can start while AWS is unreachable. */
export function createGlueClient(options: GlueRegistryOptions, region: string | undefined) {
  let client: GlueClient | undefined;

  function sdk(): GlueClient {
    const { credentials, endpoint, assumeRoleArn: roleArn, requestTimeoutMs = 5_000 } = options;
    client ??= new GlueClient({
      ...(region !== undefined && { region }),
      ...(endpoint && { endpoint }),
      ...(roleArn
        ? { credentials: assumedRole({ roleArn, region, credentials }) }
        : credentials !== undefined && { credentials }),
      // Exponential backoff with jitter; it begins higher when the SDK is throttled.
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

  /** @throws RegistryUnavailableError | RegistryAccessError | RegistryRequestError in place of errors of the SDK */
  async function call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await sdk()
        .config.region()
        .catch((cause) => {
          throw new RegistryAccessError('no AWS region is configured', { cause });
        });
      throw asRegistryError(error);
    }
  }

  return {
    sdk,
    call,
    /** As `call`, and throws `Absent` when Glue finds no such schema or version. */
    callFor: <T>(
      named: string,
      work: () => Promise<T>,
      Absent: new (named: string, options: ErrorOptions) => Error = SchemaNotRegisteredError,
    ): Promise<T> =>
      call(async () => {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof EntityNotFoundException)) throw error;
          throw new Absent(named, { cause: error });
        }
      }),
    close(): void {
      client?.destroy();
      client = undefined;
    },
  };
}
