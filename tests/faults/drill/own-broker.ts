import { after, type TestContext } from 'node:test';
import { startGlueLocal } from '@order-stream/local-stack/glue-local';
import { startOwnBroker } from '@order-stream/local-stack/kafka-broker';
import type { DrillSite } from './drill-pace.ts';
import { shortSessionsBroker } from './short-sessions.ts';

/** A broker and a registry for the drills of one test file, which stop after the last of them. */
export async function startDrillBroker() {
  const [broker, registry] = await Promise.all([
    startOwnBroker(shortSessionsBroker),
    startGlueLocal(),
  ]);
  after(async () => {
    await registry.close();
    await broker.stop();
  });
  /** A short drill, for a test. Prints how long it took. */
  return (context: TestContext, seconds: number): DrillSite => {
    const startedAt = performance.now();
    context.after(() => {
      const tookSeconds = Math.round((performance.now() - startedAt) / 1_000);
      context.diagnostic(`${tookSeconds} s: ${context.name}`);
    });
    return { context, broker, registry, seconds, rate: 1 };
  };
}
