import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from '../../tools/ports.ts';
import { root } from '../../tools/state-folder.ts';

const run = promisify(execFile);

export interface ComposeStack {
  project: string;
  producerUrl: string;
  prometheusUrl: string;
  kafkaServers: string;
  /** `docker compose ARGS` on this stack; resolves with stdout, rejects when the exit code is not 0. */
  compose(...args: string[]): Promise<string>;
  docker(...args: string[]): Promise<string>;
}

/**
 * The repository's compose.yml under a project name (`COMPOSE_PROJECT_NAME`, else its own) and ports of its own, so that a
 * developer's stack goes on beside it.
 */
export async function composeStack(): Promise<ComposeStack> {
  const project = process.env.COMPOSE_PROJECT_NAME ?? `order-stream-test-${process.pid}`;
  const [producer, kafka, glueLocal, prometheus, grafana] = await Promise.all(
    Array.from({ length: 5 }, () => freePort()),
  );
  const env = {
    ...process.env,
    PRODUCER_PORT: String(producer),
    KAFKA_PORT: String(kafka),
    GLUE_LOCAL_PORT: String(glueLocal),
    PROMETHEUS_PORT: String(prometheus),
    GRAFANA_PORT: String(grafana),
  };
  const docker = async (...args: string[]) => {
    const { stdout } = await run('docker', args, { cwd: root, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };
  return {
    project,
    producerUrl: `http://127.0.0.1:${producer}`,
    prometheusUrl: `http://127.0.0.1:${prometheus}`,
    kafkaServers: `127.0.0.1:${kafka}`,
    docker,
    compose: (...args) => docker('compose', '--project-name', project, ...args),
  };
}
