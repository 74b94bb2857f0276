import { join } from 'node:path';
import { localCredentials } from './local-credentials.ts';
import { pythonEnvironment } from './python-environment.ts';
import { type StoreContext, startStore } from './store.ts';

const program = join(import.meta.dirname, 'moto', 'server.py');

/**
 * Starts moto's server: S3, DynamoDB and STS in memory, on one port. The first start installs it.
 *
 * @param env moto's own settings
 */
export async function startMoto(context?: StoreContext, env: Record<string, string> = {}) {
  const python = await fetchMoto();
  const moto = await startStore(
    {
      name: 'moto',
      // -I ignores the user's environment, -B writes no byte code.
      command: (port) => [python, '-I', '-B', program, '-p', String(port)],
      ready: /Running on http/,
      env: { ...process.env, ...env },
    },
    context,
  );
  return {
    ...moto,
    environment: {
      ...localCredentials,
      AWS_ENDPOINT_URL_S3: moto.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: moto.endpoint,
      AWS_ENDPOINT_URL_STS: moto.endpoint,
    },
  };
}

/** The Python of moto's virtual environment. */
export function fetchMoto(): Promise<string> {
  const requirements = join(import.meta.dirname, 'moto', 'requirements.txt');
  return pythonEnvironment({ name: 'moto', folder: 'moto', requirements, minor: 10 });
}
