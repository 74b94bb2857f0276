import { join } from 'node:path';
import { mavenJars } from './maven-jars.ts';

export const defaultKafkaVersion = '4.3.1';

/** The folder with the jars of this Kafka version. Maven downloads them the first time. */
export function kafkaJars(
  version: string,
  env: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<string> {
  const pom = join(import.meta.dirname, 'kafka', `kafka-${version.split('.')[0]}.pom.xml`);
  const properties = { 'kafka.version': version };
  const jars = { name: `Kafka ${version}`, pom, properties, downloads: 'kafka', version };
  return mavenJars({ ...jars, alternative: ' or start Docker' }, env, onProgress);
}
