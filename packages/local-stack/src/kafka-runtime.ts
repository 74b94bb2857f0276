import { spawn } from 'node:child_process';
import { hasJava } from './kafka-java.ts';
import { StackFault } from './stack-fault.ts';

export type KafkaRuntime = 'docker' | 'java';

const pullTimeoutMs = 90_000;

/**
 * `KAFKA_RUNTIME=docker|java` decides; with `auto`, the default, Docker where a daemon answers and has or can pull the
 * image, else Java.
 */
export async function chooseKafkaRuntime(
  env: NodeJS.ProcessEnv,
  image: string,
  onProgress: (text: string) => void,
): Promise<KafkaRuntime> {
  const wanted = env.KAFKA_RUNTIME || 'auto';
  if (wanted === 'java') {
    if (hasJava(env)) return 'java';
    throw new StackFault(
      'KAFKA_RUNTIME=java needs Java 17 or newer: install one, or set JAVA_HOME to it.',
    );
  }
  if (wanted !== 'auto' && wanted !== 'docker')
    throw new StackFault(`KAFKA_RUNTIME is "${wanted}"; it must be auto, docker or java.`);
  const obstacle = await dockerObstacle(image, onProgress);
  if (obstacle === undefined) return 'docker';
  if (wanted === 'docker') throw new StackFault(`KAFKA_RUNTIME=docker: ${obstacle}.`);
  if (hasJava(env)) {
    onProgress(`Kafka: ${obstacle}; using Java instead`);
    return 'java';
  }
  throw new StackFault(
    `Kafka: ${obstacle}, and there is no Java 17 or newer. Start Docker, or install Java and Maven, then run this again.`,
  );
}

async function dockerObstacle(
  image: string,
  onProgress: (text: string) => void,
): Promise<string | undefined> {
  if (!(await docker(['version', '--format', '{{.Server.Version}}'], 5_000)))
    return 'no Docker daemon answers';
  if (await docker(['image', 'inspect', image], 5_000)) return undefined;
  onProgress(`Kafka: pulling the image ${image}`);
  if (await docker(['pull', '--quiet', image], pullTimeoutMs)) return undefined;
  return `the image ${image} cannot be pulled within ${pullTimeoutMs / 1000} s`;
}

function docker(args: string[], timeoutMs: number): Promise<boolean> {
  const child = spawn('docker', args, {
    stdio: 'ignore',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}
