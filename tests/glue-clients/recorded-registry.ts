import { createGlueLocal, type GlueLocalOptions } from '@order-stream/glue-local';
import type { Operation } from '../../packages/glue-local/src/request.ts';

export type RecordedRegistry = Awaited<ReturnType<typeof startRecordedRegistry>>;

/** Starts a registry in memory that records the operation of each request, in order. */
export async function startRecordedRegistry(options: Partial<GlueLocalOptions> = {}) {
  const app = createGlueLocal({ databaseFile: ':memory:', ...options });
  const operations: string[] = [];
  const gates = new Map<string, { missing: number; open: () => void; opened: Promise<void> }>();
  app.addHook('onRequest', async ({ headers }) => {
    const target = headers['x-amz-target'];
    if (typeof target !== 'string') return;
    const operation = target.replace('AWSGlue.', '');
    operations.push(operation);
    const gate = gates.get(operation);
    if (gate === undefined) return;
    gate.missing -= 1;
    if (gate.missing === 0) {
      gates.delete(operation);
      gate.open();
    }
    await gate.opened;
  });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    endpoint,
    /** The operations since the last call. */
    takeOperations: () => operations.splice(0),
    /** The next requests of this operation are answered only when so many of them are there: their clients race. */
    gather(operation: Operation, count: number) {
      const { promise: opened, resolve: open } = Promise.withResolvers<void>();
      gates.set(operation, { missing: count, open, opened });
    },
    close: () => app.close(),
  };
}
