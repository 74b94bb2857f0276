import { createServer } from 'node:net';
import { StackFault } from './stack-fault.ts';

/** Who was given a port may listen on it much later. */
const given = new Set<number>();

/**
 * A free loopback port that this process has not given before. It lies below the range of outgoing connections, so that
 * the kernel cannot give it to a client socket before its user listens on it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000);
    if (given.has(port)) continue;
    given.add(port);
    if (await isPortFree(port)) return port;
  }
}

export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The port that `variable` names, or `defaultPort`. @throws StackFault if the port is in use */
export async function requireFreePort(
  name: string,
  variable: string,
  defaultPort: number,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const port = portOf(variable, defaultPort, env);
  if (await isPortFree(port)) return port;
  throw new StackFault(
    `Port ${port} for ${name} is taken by another program: end that program, or set ${variable} to another port.`,
  );
}

/** The port that `variable` names, or `defaultPort`. @throws StackFault if the value is not a port */
export function portOf(variable: string, defaultPort: number, env: NodeJS.ProcessEnv): number {
  const text = env[variable] || String(defaultPort);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new StackFault(`${variable}: expected a port from 1 to 65535, got "${text}".`);
}
