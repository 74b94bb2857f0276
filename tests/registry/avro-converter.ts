import { join } from 'node:path';
import { type ForeignProcess, startForeignProcess } from '../conformance/foreign-process.ts';
import { fetchJars, javaCommand } from '../conformance/java-library.ts';

const folder = join(import.meta.dirname, 'java');

/** Starts Apicurio's Avro converter for Kafka Connect with the registry at this URL. Maven downloads it the first time. */
export async function startAvroConverter(registryUrl: string): Promise<ForeignProcess> {
  const java = javaCommand();
  const jars = await fetchJars("Apicurio's Avro converter", folder, 'avro-converter');
  const classPath = ['-cp', join(jars, '*'), join(folder, 'ConnectAvro.java')];
  return startForeignProcess({
    command: java,
    args: ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', ...classPath, registryUrl],
  });
}
