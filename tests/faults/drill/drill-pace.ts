import type { TestContext } from 'node:test';
import type { LocalRegistry } from '@order-stream/local-stack/glue-local';
import type { OwnBroker } from '@order-stream/local-stack/kafka-broker';

/** Where a drill runs, and for how long. The tests run short drills; `npm run soak` runs the same at full length. */
export interface DrillSite {
  context: Pick<TestContext, 'after'>;
  broker: Pick<OwnBroker, 'bootstrapServers' | 'proxiedServers' | 'proxy'>;
  registry: Pick<LocalRegistry, 'endpoint' | 'fail'>;
  /** A drill ends after the round in which this time is over. */
  seconds: number;
  /** Multiplies the rates of all loads. */
  rate: number;
}

/** Counts rounds, the first one always, until the time is over. */
export function* rounds({ seconds }: DrillSite): Generator<number> {
  const endMs = performance.now() + seconds * 1_000;
  for (let round = 1; round === 1 || performance.now() < endMs; round += 1) yield round;
}
