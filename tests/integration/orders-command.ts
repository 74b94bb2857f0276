import { localCredentials } from '@order-stream/local-stack/local-credentials';
import { ordersCommand } from '@order-stream/orders-cli';

/** Runs `orders` in this process. */
export function createOrdersRun(env: Record<string, string>) {
  /** Starts a command that ends by itself, or when `stop` is called. */
  function start(argv: readonly string[], extra: Record<string, string> = {}) {
    let stdout = '';
    let stderr = '';
    const stop = new AbortController();
    const ended = ordersCommand([...argv], {
      env: { LOG_LEVEL: 'silent', ...env, ...extra },
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      stop: stop.signal,
    }).then((code) => ({ code, stdout, stderr }));
    return { ended, stdout: () => stdout, stop: () => stop.abort() };
  }

  return {
    start,
    run: (argv: readonly string[], extra: Record<string, string> = {}) => start(argv, extra).ended,
  };
}

/** Runs `orders` with the broker and the registry of a test. */
export function createOrdersRunWith(bootstrapServers: string, registry: { endpoint: string }) {
  // The AWS SDK reads them from the environment of the process.
  Object.assign(process.env, localCredentials, { AWS_ENDPOINT_URL_GLUE: registry.endpoint });
  const { AWS_REGION } = localCredentials;
  return createOrdersRun({ BOOTSTRAP_SERVERS: bootstrapServers, AWS_REGION });
}

/** The JSON lines of an output. */
export function jsonLines<Line>(stdout: string): Line[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
