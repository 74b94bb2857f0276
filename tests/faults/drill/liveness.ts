import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedConsumer } from './recorded-consumer.ts';

const everyMs = 500;

/** Asks each living member whether it is alive, until `stop` is called or the test ends. */
export function watchLiveness(
  context: Pick<TestContext, 'after'>,
  living: () => readonly RecordedConsumer[],
) {
  const faults: string[] = [];
  let isWatching = true;
  const running = (async () => {
    while (isWatching) {
      for (const member of living()) {
        // A member that starts or has ended does not answer.
        const found = await member.faults('/healthz').catch(() => []);
        faults.push(...found.map((fault) => `${member.name}: ${fault}`));
      }
      await pause(everyMs);
    }
  })();
  const stop = async () => {
    isWatching = false;
    await running;
  };
  context.after(stop);
  return { faults: () => faults, stop };
}
