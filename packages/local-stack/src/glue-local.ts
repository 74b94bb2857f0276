import { createGlueLocal, type Fault } from '@order-stream/glue-local';

export type LocalRegistry = Awaited<ReturnType<typeof startGlueLocal>>;

/** Starts a registry for one test, in memory, on a free port. */
export async function startGlueLocal(
  options: { pendingMs?: number; databaseFile?: string; port?: number } = {},
) {
  const { port = 0, databaseFile = ':memory:', pendingMs = 0 } = options;
  const app = createGlueLocal({ databaseFile, pendingMs });
  const endpoint = await app.listen({ port, host: '127.0.0.1' });
  const url = '/_local/faults';
  return {
    /** For `AWS_ENDPOINT_URL_GLUE`. */
    endpoint,
    close: () => app.close(),
    /** Puts a fault in place, as the README of glue-local describes. `applied` is the number of calls that got it. */
    async fail(fault: Fault) {
      const response = await app.inject({ method: 'POST', url, payload: fault });
      if (response.statusCode !== 201) throw new Error(response.body);
      const { id } = response.json<{ id: string }>();
      const list = async () => (await app.inject({ url })).json<{ faults: Placed[] }>().faults;
      return {
        applied: async () => (await list()).find((one) => one.id === id)?.applied,
        end: async () => void (await app.inject({ method: 'DELETE', url: `${url}/${id}` })),
      };
    },
  };
}

interface Placed {
  id: string;
  applied: number;
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
