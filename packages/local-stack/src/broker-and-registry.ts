import { after } from 'node:test';
import { startGlueLocal } from './glue-local.ts';
import { startBroker } from './kafka-broker.ts';

/** Starts the shared broker and a registry for the tests of one file, and stops both after the last test. */
export async function startBrokerAndRegistry() {
  const [broker, registry] = await Promise.all([startBroker(), startGlueLocal()]);
  after(async () => {
    await registry.close();
    await broker.stop();
  });
  return { broker, registry };
}
