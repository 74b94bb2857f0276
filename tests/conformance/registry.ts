import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import {
  avroFormat,
  type Compression,
  createDeserializer,
  createSerializer,
  type DataFormat,
  type SchemaNaming,
} from '@order-stream/serde';
import { createGlueRegistry } from '@order-stream/serde/glue';
import { jsonSchemaFormat } from '@order-stream/serde/json-schema';
import { protobufFormat } from '@order-stream/serde/protobuf';

/** Starts glue-local with an empty registry and this project's clients of it. */
export async function startRegistry(schemaName: SchemaNaming) {
  const { endpoint, close } = await startGlueLocal();
  const registry = createGlueRegistry({
    registryName: 'conformance',
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    autoRegistration: true,
  });
  await registry.ensureRegistry();
  // Protobuf values in the JSON mapping, which the Java program reads and prints.
  const formats = [avroFormat(), jsonSchemaFormat(), protobufFormat({ values: 'json' })];
  const serializers = {
    none: createSerializer({ registry, formats, schemaName }),
    zlib: createSerializer({ registry, formats, schemaName, compression: 'zlib' }),
  };
  const deserializer = createDeserializer({ registry, formats });
  return {
    endpoint,
    serialize: (
      topic: string,
      schema: string,
      value: unknown,
      compression: Compression = 'none',
      rest: { dataFormat?: DataFormat; message?: string } = {},
    ) => serializers[compression].serialize(topic, value, { schema, ...rest }),
    deserialize: deserializer.deserialize,
    async close() {
      registry.close();
      await close();
    },
  };
}
