import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from '@order-stream/local-stack/ports';
import { root } from '@order-stream/local-stack/state-folder';

const run = promisify(execFile);

export interface ComposeStack {
  project: string;
  /** The variables that put compose.yml's ports where they are. */
  ports: Record<string, string>;
  producerUrl: string;
  prometheusUrl: string;
  grafanaUrl: string;
  kafkaUiUrl: string;
  kafkaServers: string;
  /** `docker compose ARGS` on this stack; resolves with stdout, rejects when the exit code is not 0. */
  compose(...args: string[]): Promise<string>;
  docker(...args: string[]): Promise<string>;
  /** Takes everything down, volumes included, and the images that were built for this stack alone. */
  end(): Promise<void>;
}

export interface ComposeStackOptions {
  /** `docker compose` options before its command, such as `--file`. */
  flags?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** How many of compose.yml's brokers run; default 1. */
  brokers?: 1 | 3;
}

/**
 * The repository's compose.yml under a project name (`COMPOSE_PROJECT_NAME`, else its own) and ports of its own, so that a
 * developer's stack goes on beside it.
 */
export async function composeStack(options: ComposeStackOptions = {}): Promise<ComposeStack> {
  const project = process.env.COMPOSE_PROJECT_NAME ?? `order-stream-test-${process.pid}`;
  const [producer, kafka, glueLocal, prometheus, grafana, ui, kafka2, kafka3] = await Promise.all(
    Array.from({ length: 8 }, () => freePort()),
  );
  const ports = {
    PRODUCER_PORT: String(producer),
    KAFKA_PORT: String(kafka),
    KAFKA_2_PORT: String(kafka2),
    KAFKA_3_PORT: String(kafka3),
    GLUE_LOCAL_PORT: String(glueLocal),
    PROMETHEUS_PORT: String(prometheus),
    GRAFANA_PORT: String(grafana),
    UI_PORT: String(ui),
  };
  const env = { ...process.env, ...ports, ...options.env };
  const docker = async (...args: string[]) => {
    const { stdout } = await run('docker', args, { cwd: root, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };
  const compose = (...args: string[]) =>
    docker('compose', '--project-name', project, ...(options.flags ?? []), ...args);
  return {
    project,
    ports,
    producerUrl: `http://127.0.0.1:${producer}`,
    prometheusUrl: `http://127.0.0.1:${prometheus}`,
    grafanaUrl: `http://127.0.0.1:${grafana}`,
    kafkaUiUrl: `http://127.0.0.1:${ui}`,
    kafkaServers: [kafka, kafka2, kafka3]
      .slice(0, options.brokers ?? 1)
      .map((port) => `127.0.0.1:${port}`)
      .join(),
    docker,
    compose,
    async end() {
      await compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
      // A project that was named from outside is used by the next suite as well.
      if (process.env.COMPOSE_PROJECT_NAME === undefined) await removeImages(docker, project);
    },
  };
}

/** Images are named for their project; the build cache stays. */
async function removeImages(docker: ComposeStack['docker'], project: string): Promise<void> {
  const named = ['--filter', `reference=${project}/*`, '--format', '{{.Repository}}'];
  const images = (await docker('image', 'ls', ...named)).split('\n').filter(Boolean);
  if (images.length > 0) await docker('image', 'rm', ...images);
}
