import { createServer } from 'node:net';
import { StackFault } from './stack-fault.ts';

/**
 * A loopback port that nothing holds, from below the range of outgoing connections: between our closing it and
 * its use by another process, the kernel cannot hand it to a client socket.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000);
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

/** The port that `variable` names, or `defaultPort`; refuses one that is taken and says which variable moves it. */
export async function requireFreePort(
  what: string,
  variable: string,
  defaultPort: number,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const port = portOf(variable, defaultPort, env);
  if (await isPortFree(port)) return port;
  throw new StackFault(
    `Port ${port} for ${what} is taken by another program: end that program, or set ${variable} to another port.`,
  );
}

/** The port that `variable` names, or `defaultPort`. @throws StackFault when the variable holds no port */
export function portOf(variable: string, defaultPort: number, env: NodeJS.ProcessEnv): number {
  const text = env[variable] || String(defaultPort);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new StackFault(`${variable} is "${text}"; it must be a port, 1 to 65535.`);
}
