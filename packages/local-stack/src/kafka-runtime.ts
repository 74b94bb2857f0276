import { spawn } from 'node:child_process';
import { hasJava } from './kafka-java.ts';
import { StackFault } from './stack-fault.ts';

export type KafkaRuntime = 'docker' | 'java';

const pullTimeoutMs = 90_000;

/**
 * Returns the runtime of `KAFKA_RUNTIME`. With `auto`, the default: Docker if a daemon answers and has or can pull the
 * image, else Java.
 */
export async function chooseKafkaRuntime(
  env: NodeJS.ProcessEnv,
  image: string,
  onProgress: (text: string) => void,
): Promise<KafkaRuntime> {
  const requested = env.KAFKA_RUNTIME || 'auto';
  if (requested === 'java') {
    if (hasJava(env)) return 'java';
    throw new StackFault(
      'KAFKA_RUNTIME=java requires Java 17 or newer: install it, or set JAVA_HOME.',
    );
  }
  if (requested !== 'auto' && requested !== 'docker')
    throw new StackFault(`KAFKA_RUNTIME: expected auto, docker or java, got "${requested}".`);
  const obstacle = await dockerObstacle(image, onProgress);
  if (obstacle === undefined) return 'docker';
  if (requested === 'docker') throw new StackFault(`KAFKA_RUNTIME=docker: ${obstacle}.`);
  if (hasJava(env)) {
    onProgress(`Kafka: ${obstacle}; using Java instead`);
    return 'java';
  }
  throw new StackFault(
    `Kafka: ${obstacle}, and Java 17 or newer is not installed. Start Docker, or install Java and Maven, then run this again.`,
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
