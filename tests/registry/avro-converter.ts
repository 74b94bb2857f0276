import { join } from 'node:path';
import type { ForeignProcess } from '../conformance/foreign-process.ts';
import { startJavaProgram } from '../conformance/java-library.ts';

/** Starts Apicurio's Avro converter for Kafka Connect with the registry at this URL. Maven downloads it the first time. */
export function startAvroConverter(registryUrl: string): Promise<ForeignProcess> {
  return startJavaProgram('ConnectAvro.java', [registryUrl], {
    name: "Apicurio's Avro converter",
    folder: join(import.meta.dirname, 'java'),
    downloads: 'avro-converter',
  });
}
