import { join } from 'node:path';
import { mavenJars } from './maven-jars.ts';
import { downloadsFolder } from './state-folder.ts';

export const defaultKafkaVersion = '4.3.1';

/** The folder with the jars of this Kafka version. Maven downloads them the first time. */
export function kafkaJars(
  version: string,
  env: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<string> {
  return mavenJars({
    name: `Kafka ${version}`,
    pom: join(import.meta.dirname, 'kafka', `kafka-${version.split('.')[0]}.pom.xml`),
    properties: { 'kafka.version': version },
    folder: join(downloadsFolder(env), 'kafka', version),
    withoutMaven: 'install it (`brew install maven`, `apt install maven`) or start Docker.',
    onProgress,
  });
}
