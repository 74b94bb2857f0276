import { createRequire } from 'node:module';
import { localCredentials } from './local-credentials.ts';
import { type StoreContext, startStore } from './store.ts';

const program = createRequire(import.meta.url).resolve('dynalite/cli.js');

/** Starts dynalite: DynamoDB in memory. */
export async function startDynalite(context?: StoreContext) {
  const dynalite = await startStore(
    {
      name: 'dynalite',
      command: (port) => [
        process.execPath,
        program,
        ...['--host', '127.0.0.1', '--port', String(port), '--createTableMs', '0'],
      ],
      ready: /Listening at/i,
    },
    context,
  );
  return {
    ...dynalite,
    environment: { ...localCredentials, AWS_ENDPOINT_URL_DYNAMODB: dynalite.endpoint },
  };
}
