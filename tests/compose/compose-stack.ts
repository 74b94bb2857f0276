import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from '@order-stream/local-stack/ports';
import { root } from '@order-stream/local-stack/state-folder';

const run = promisify(execFile);

export type ComposeStack = Awaited<ReturnType<typeof composeStack>>;

/**
 * The stack of compose.yml with its own project name (or `COMPOSE_PROJECT_NAME`) and ports, so that a developer's stack
 * can run at the same time.
 */
export async function composeStack(
  options: {
    /** `docker compose` options before its command, such as `--file`. */
    flags?: readonly string[];
    env?: Readonly<Record<string, string>>;
    /** Number of brokers. Default: 1. */
    brokers?: 1 | 3;
  } = {},
) {
  const project = process.env.COMPOSE_PROJECT_NAME ?? `order-stream-test-${process.pid}`;
  const [producer, kafka, glueLocal, prometheus, grafana, ui, kafka2, kafka3, moto, ...others] =
    await Promise.all(Array.from({ length: 14 }, () => freePort()));
  const [connect, connect2, postgres, mysql, apicurio] = others;
  const ports = {
    PRODUCER_PORT: String(producer),
    KAFKA_PORT: String(kafka),
    KAFKA_2_PORT: String(kafka2),
    KAFKA_3_PORT: String(kafka3),
    GLUE_LOCAL_PORT: String(glueLocal),
    PROMETHEUS_PORT: String(prometheus),
    GRAFANA_PORT: String(grafana),
    UI_PORT: String(ui),
    MOTO_PORT: String(moto),
    CONNECT_PORT: String(connect),
    CONNECT_2_PORT: String(connect2),
    POSTGRES_PORT: String(postgres),
    MYSQL_PORT: String(mysql),
    APICURIO_PORT: String(apicurio),
  };
  const env = { ...process.env, ...ports, ...options.env };
  const docker = async (...args: string[]) => {
    const { stdout } = await run('docker', args, { cwd: root, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };
  /** Runs `docker compose ARGS` on this stack. Resolves with stdout, rejects if the exit code is not 0. */
  const compose = (...args: string[]) =>
    docker('compose', '--project-name', project, ...(options.flags ?? []), ...args);
  return {
    project,
    /** The variables that set the ports of compose.yml. */
    ports,
    producerUrl: `http://127.0.0.1:${producer}`,
    prometheusUrl: `http://127.0.0.1:${prometheus}`,
    grafanaUrl: `http://127.0.0.1:${grafana}`,
    kafkaUiUrl: `http://127.0.0.1:${ui}`,
    /** The REST API of `connect`. */
    connectUrl: `http://127.0.0.1:${connect}`,
    /** The REST API of `connect-2`. */
    connect2Url: `http://127.0.0.1:${connect2}`,
    glueLocalUrl: `http://127.0.0.1:${glueLocal}`,
    kafkaServers: [kafka, kafka2, kafka3]
      .slice(0, options.brokers ?? 1)
      .map((port) => `127.0.0.1:${port}`)
      .join(),
    docker,
    compose,
    /** Builds and starts the services, or all, until they are healthy. If that fails, prints the end of the logs. */
    async up(services: readonly string[], timeoutSeconds = 180): Promise<void> {
      const limit = ['--wait', '--wait-timeout', String(timeoutSeconds)];
      await compose('up', '--detach', '--build', ...limit, ...services).catch(async (error) => {
        process.stderr.write(await compose('logs', '--tail', '60'));
        throw error;
      });
    },
    postOrder: (order: object) =>
      fetch(`http://127.0.0.1:${producer}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(order),
      }),
    /** Removes everything, volumes and this stack's images included. */
    async end(): Promise<void> {
      await compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
      // With COMPOSE_PROJECT_NAME, the next suite uses the images too.
      if (process.env.COMPOSE_PROJECT_NAME === undefined) await removeImages(docker, project);
    },
  };
}

/** Removes the project's images. The build cache stays. */
async function removeImages(docker: ComposeStack['docker'], project: string): Promise<void> {
  const named = ['--filter', `reference=${project}/*`, '--format', '{{.Repository}}'];
  const images = (await docker('image', 'ls', ...named)).split('\n').filter(Boolean);
  if (images.length > 0) await docker('image', 'rm', ...images);
}
