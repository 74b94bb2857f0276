import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mavenJars } from '@order-stream/local-stack/maven-jars';
import { downloadsFolder } from '@order-stream/local-stack/state-folder';
import { type ForeignProcess, startForeignProcess } from '../conformance/foreign-process.ts';
import { javaCommand } from '../conformance/java-library.ts';

const folder = join(import.meta.dirname, 'java');

/** Starts Apicurio's Avro converter for Kafka Connect with the registry at this URL. Maven downloads it the first time. */
export async function startAvroConverter(registryUrl: string): Promise<ForeignProcess> {
  const java = javaCommand();
  const jars = await fetchAvroConverter();
  const classPath = ['-cp', join(jars, '*'), join(folder, 'ConnectAvro.java')];
  return startForeignProcess({
    command: java,
    args: ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', ...classPath, registryUrl],
  });
}

function fetchAvroConverter(): Promise<string> {
  const pom = join(folder, 'pom.xml');
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return mavenJars({
    name: "Apicurio's Avro converter",
    pom,
    folder: join(downloadsFolder(process.env), 'avro-converter', version),
    withoutMaven: 'install it (`brew install maven`, `apt install maven`).',
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
}
