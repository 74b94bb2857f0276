import { createGlueLocal } from '@order-stream/glue-local';
import type { SchemaNaming } from '@order-stream/serde';
import { type Compression, createDeserializer, createSerializer } from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';

/** glue-local with an empty registry, and this project's own clients of it. */
export async function startRegistry(schemaName: SchemaNaming) {
  const server = createGlueLocal({ databaseFile: ':memory:' });
  const endpoint = await server.listen({ port: 0, host: '127.0.0.1' });
  const registry = createGlueRegistry({
    registryName: 'conformance',
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    autoRegistration: true,
  });
  await registry.ensureRegistry();
  const serializers = {
    none: createSerializer({ registry, schemaName }),
    zlib: createSerializer({ registry, schemaName, compression: 'zlib' }),
  };
  const deserializer = createDeserializer({ registry });
  return {
    endpoint,
    serialize: (topic: string, schema: string, value: unknown, compression: Compression = 'none') =>
      serializers[compression].serialize(topic, value, { schema }),
    deserialize: deserializer.deserialize,
    async close() {
      registry.close();
      await server.close();
    },
  };
}
