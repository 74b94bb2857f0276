import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { defaultKafkaVersion } from './kafka-jars.ts';
import { javaCommand } from './kafka-java.ts';
import { containerOn } from './local-kafka.ts';
import { mavenJars } from './maven-jars.ts';
import { isPortFree, portOf } from './ports.ts';
import { StackFault } from './stack-fault.ts';

/** The scripts of Kafka's `bin/` and the classes that they run. */
const mainClasses: Record<string, string> = {
  'kafka-configs.sh': 'kafka.admin.ConfigCommand',
  'kafka-console-consumer.sh': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-consumer-groups.sh': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
};

/**
 * Runs one of Kafka's own commands against the local broker: in the broker's image if the broker runs in Docker, else on Java.
 *
 * @returns the command's exit code
 * @throws StackFault for an unknown command, or when no broker runs on `KAFKA_PORT`
 */
export async function runKafkaCommand(
  [script = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  onProgress: (text: string) => void,
): Promise<number> {
  const mainClass = mainClasses[script];
  if (mainClass === undefined)
    throw new StackFault(`Expected one of ${Object.keys(mainClasses).join(', ')}; got ${script}.`);
  const port = portOf('KAFKA_PORT', 9092, env);
  if (await isPortFree(port))
    throw new StackFault(`No Kafka listens on port ${port}: run \`npm start\`, or set KAFKA_PORT.`);
  const image = imageOf(containerOn(port));
  const [command, ...words] = image
    ? [
        ...['docker', 'run', '--rm', '--network', `container:${containerOn(port)}`],
        // A command may read files of the caller's folder.
        ...['--volume', `${process.cwd()}:/work:ro`, '--workdir', '/work'],
        ...[image, `/opt/kafka/bin/${script}`, '--bootstrap-server', 'localhost:9094'],
      ]
    : [
        ...[javaCommand(env), '-Xmx128m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
        ...['-cp', join(await toolJars(env, onProgress), '*'), mainClass],
        ...['--bootstrap-server', `127.0.0.1:${port}`],
      ];
  const child = spawn(command as string, [...words, ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** The image of a running container. Empty without the container or without Docker. */
function imageOf(container: string): string {
  const format = '{{if .State.Running}}{{.Config.Image}}{{end}}';
  const { stdout } = spawnSync('docker', ['container', 'inspect', '--format', format, container], {
    encoding: 'utf8',
  });
  return stdout?.trim() ?? '';
}

function toolJars(env: NodeJS.ProcessEnv, onProgress: (text: string) => void): Promise<string> {
  const version = defaultKafkaVersion;
  const pom = join(import.meta.dirname, 'kafka', 'kafka-tools-4.pom.xml');
  const properties = { 'kafka.version': version };
  const jars = { name: "Kafka's tools", pom, properties, downloads: 'kafka-tools', version };
  return mavenJars(jars, env, onProgress);
}
