import { createGlueLocal } from '@order-stream/glue-local';

export type LocalRegistry = Awaited<ReturnType<typeof startGlueLocal>>;

/** Starts a registry for one test, in memory, on a free port. */
export async function startGlueLocal(
  options: { pendingMs?: number; databaseFile?: string; port?: number } = {},
) {
  const { port = 0, databaseFile = ':memory:', pendingMs = 0 } = options;
  const app = createGlueLocal({ databaseFile, pendingMs });
  const endpoint = await app.listen({ port, host: '127.0.0.1' });
  return { /** For `AWS_ENDPOINT_URL_GLUE`. */ endpoint, close: () => app.close() };
}

/** The variables with which an AWS SDK calls this registry, which accepts any credentials. */
export function glueEnvironment(registry: { endpoint: string }): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_GLUE: registry.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

/** The settings with which a client of `@order-stream/serde` calls this registry. */
export function glueSettings({ endpoint }: { endpoint: string }) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { registryName: 'customer', region: 'us-east-1', endpoint, credentials };
}
