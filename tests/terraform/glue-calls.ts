import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGlueLocal } from '@order-stream/glue-local';
import { root } from '@order-stream/local-stack/state-folder';
import { createGlueRegistry } from '@order-stream/serde/glue';

export interface GlueCall {
  /** `glue:GetSchemaVersion` */
  action: string;
  /** Registry and schema that the request names. Neither: it names a schema version by its id. */
  registry?: string;
  schema?: string;
}

const registryName = 'customer';
const schemaName = 'orders-value';
const field = (name: string, more = {}) => ({ name, type: 'long', ...more });
const order = (...fields: object[]) =>
  JSON.stringify({ type: 'record', name: 'Order', namespace: 'order.v1', fields });

/** The calls of the services' registry client when it writes and when it reads, recorded by a local registry. */
export async function recordGlueCalls(): Promise<{ writer: GlueCall[]; reader: GlueCall[] }> {
  const recorded: GlueCall[] = [];
  // While a version is pending, the client polls it by its id.
  const app = createGlueLocal({ databaseFile: ':memory:', pendingMs: 1 });
  app.addHook('preHandler', async (request) => {
    const { RegistryId, RegistryName, SchemaId, SchemaName } = JSON.parse(String(request.body));
    const registry = RegistryName ?? RegistryId?.RegistryName ?? SchemaId?.RegistryName;
    const schema = SchemaName ?? SchemaId?.SchemaName;
    recorded.push({
      action: String(request.headers['x-amz-target']).replace('AWSGlue.', 'glue:'),
      ...(registry !== undefined && { registry }),
      ...(schema !== undefined && { schema }),
    });
  });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const connection = {
    registryName,
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const writing = createGlueRegistry({ ...connection, autoRegistration: true });
  const reading = createGlueRegistry(connection);
  try {
    await writing.ensureRegistry();
    await writing.schemaByDefinition(schemaName, 'AVRO', order(field('a')), 'orders');
    const evolved = order(field('a'), field('b', { default: 0 }));
    const { schemaVersionId } = await writing.schemaByDefinition(
      schemaName,
      'AVRO',
      evolved,
      'orders',
    );
    const writer = recorded.splice(0);
    await reading.schemaById(schemaVersionId);
    await reading.check();
    return { writer: distinct(writer), reader: distinct(recorded) };
  } finally {
    writing.close();
    reading.close();
    await app.close();
  }
}

/** All operations that the registry client can send: the commands that its files name. */
export function importedGlueActions(): string[] {
  const folder = 'packages/serde/src/registry/glue';
  const source = globSync(`${folder}/*.ts`, { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('\n');
  const operations = new Set([...source.matchAll(/\bnew (\w+)Command\(/g)].map(([, name]) => name));
  return [...operations].map((operation) => `glue:${operation}`).sort();
}

function distinct(calls: readonly GlueCall[]): GlueCall[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}
