import { join } from 'node:path';
import type { DataFormat } from '@aws-sdk/client-glue';
import { glueEnvironment } from '@order-stream/local-stack/glue-local';
import { type ForeignProcess, startForeignProcess } from '../conformance/foreign-process.ts';
import { fetchPythonLibrary } from '../conformance/python-library.ts';
import { pythonFolder } from './python.ts';

/** A schema version as the Python library describes it. */
export interface PythonVersion {
  id: string;
  name: string;
  number: bigint;
  format: DataFormat;
  status: string;
}

/** The Python library `aws-glue-schema-registry`: serializer, deserializer and client of one registry. */
export interface PythonLibrary {
  /**
   * @param mode of a schema that this creates; default: the library's
   * @throws ForeignError with the chain of exceptions
   */
  serialize(
    topic: string,
    format: 'AVRO' | 'JSON',
    schema: string,
    value: object,
    mode?: string,
  ): Promise<Buffer>;
  /** Integers are bigints. */
  deserialize(topic: string, frame: Buffer): Promise<object>;
  /** Finds the definition or registers it. */
  register(
    name: string,
    format: DataFormat,
    schema: string,
    metadata: Record<string, string>,
  ): Promise<PythonVersion>;
  find(id: string): Promise<PythonVersion>;
  findByDefinition(name: string, schema: string): Promise<string>;
  close: ForeignProcess['close'];
}

/** @param waitSeconds the pause before the library polls a version; its default is 3 */
export async function startRegistryLibrary(
  endpoint: string,
  registry: string,
  waitSeconds = 3,
): Promise<PythonLibrary> {
  const program = join(pythonFolder, 'registry_library.py');
  const args = ['-I', '-B', program, registry, String(waitSeconds)];
  const python = startForeignProcess(await fetchPythonLibrary(), args, {
    PATH: process.env.PATH,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...glueEnvironment({ endpoint }),
  });
  return {
    async serialize(topic, format, schema, value, mode) {
      const request = { do: 'serialize', topic, format, schema, value, mode };
      return Buffer.from((await python.call<{ bytes: string }>(request)).bytes, 'base64');
    },
    async deserialize(topic, frame) {
      const request = { do: 'deserialize', topic, bytes: frame.toString('base64') };
      return (await python.call<{ value: object }>(request)).value;
    },
    register: (name, format, schema, metadata) =>
      python.call({ do: 'register', name, format, schema, metadata }),
    find: (id) => python.call({ do: 'find', id }),
    async findByDefinition(name, schema) {
      return (await python.call<{ id: string }>({ do: 'find_by_definition', name, schema })).id;
    },
    close: python.close,
  };
}
