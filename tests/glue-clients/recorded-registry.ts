import { createGlueLocal, type GlueLocalOptions } from '@order-stream/glue-local';

export type RecordedRegistry = Awaited<ReturnType<typeof startRecordedRegistry>>;

/** Starts a registry in memory that records the operation of each request, in order. */
export async function startRecordedRegistry(options: Partial<GlueLocalOptions> = {}) {
  const app = createGlueLocal({ databaseFile: ':memory:', ...options });
  const operations: string[] = [];
  app.addHook('onRequest', async ({ headers }) => {
    const target = headers['x-amz-target'];
    if (typeof target === 'string') operations.push(target.replace('AWSGlue.', ''));
  });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    endpoint,
    /** The operations since the last call. */
    takeOperations: () => operations.splice(0),
    close: () => app.close(),
  };
}
