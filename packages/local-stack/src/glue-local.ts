import { createGlueLocal } from '@order-stream/glue-local';

export interface LocalRegistry {
  /** For `AWS_ENDPOINT_URL_GLUE`. */
  endpoint: string;
  close(): Promise<void>;
}

/** A registry of this test's own, in memory, on a port of its own. */
export async function startGlueLocal(
  options: { pendingMs?: number; databaseFile?: string; port?: number } = {},
): Promise<LocalRegistry> {
  const { port = 0, databaseFile = ':memory:', pendingMs = 0 } = options;
  const app = createGlueLocal({ databaseFile, pendingMs });
  const endpoint = await app.listen({ port, host: '127.0.0.1' });
  return { endpoint, close: () => app.close() };
}

/** What an AWS SDK needs to talk to it: any credentials will do. */
export function glueEnvironment(registry: { endpoint: string }): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_GLUE: registry.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}
