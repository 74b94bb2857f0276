import type { DataFormat } from '@aws-sdk/client-glue';
import type { ForeignProcess } from '../conformance/foreign-process.ts';
import { startJavaLibrary } from '../conformance/java-library.ts';

/** The official Java serializer and deserializer for Kafka, with settings of the caller. */
export interface JavaSerde {
  /**
   * @param value JSON text in the format's own mapping
   * @throws ForeignError with the chain of exceptions
   */
  serialize(request: JavaValue & { topic: string }): Promise<Buffer>;
  /** @returns JSON text */
  deserialize(topic: string, frame: Buffer, settings?: object): Promise<string>;
  /** Tags of a schema, by the library's own client. */
  tags(schema: string, schemaName: string, settings: object): Promise<object>;
  /** Metadata of a version, by the library's own client. */
  metadata(version: string, settings: object): Promise<object>;
  close: ForeignProcess['close'];
}

export interface JavaValue {
  schema: string;
  value: string;
  format?: DataFormat;
  /** Of a Protobuf file. */
  message?: string;
  compression?: 'none' | 'zlib';
  settings?: object;
}

export async function startJavaSerde(endpoint: string): Promise<JavaSerde> {
  const java = await startJavaLibrary(endpoint);
  return {
    async serialize(request) {
      const { bytes } = await java.call<{ bytes: string }>({ do: 'serialize', ...request });
      return Buffer.from(bytes, 'base64');
    },
    async deserialize(topic, frame, settings = {}) {
      const bytes = frame.toString('base64');
      const request = { do: 'deserialize', topic, bytes, settings };
      return (await java.call<{ value: string }>(request)).value;
    },
    async tags(schema, schemaName, settings) {
      const request = { do: 'tags', schema, schemaName, settings };
      return (await java.call<{ tags: object }>(request)).tags;
    },
    async metadata(version, settings) {
      const request = { do: 'metadata', version, settings };
      return (await java.call<{ metadata: object }>(request)).metadata;
    },
    close: java.close,
  };
}
