import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLogger } from '@order-stream/runtime';
import { createPartitionHold } from './partition-hold.ts';

function partitionHold() {
  const events: string[] = [];
  let isDraining = false;
  const held = createPartitionHold({
    topic: 'orders',
    partition: 3,
    brakeRemedy: 'Lift it',
    health: {
      paused: (topic, partition, reason) =>
        events.push(`${topic}/${partition} ${reason ?? 'not paused'}`),
      pausedPartitions: () => 7,
    },
    metrics: {
      processed: (_topic, _seconds, error) => events.push(`error_type ${error}`),
      paused: (count) => events.push(`paused ${count}`),
    },
    logger: createLogger({ name: 'test', level: 'silent' }),
    pause: () => events.push('pause'),
    resume: () => events.push('resume'),
    isDraining: () => isDraining,
    changed: () => events.push('changed'),
  });
  return {
    held,
    events,
    /** The events since the last call. */
    seen: () => events.splice(0),
    drain(): void {
      isDraining = true;
    },
  };
}

const fault = (message: string, code = 'refused') =>
  Object.assign(new Error(message), { code, retryable: true });

test('a partition is paused by its first cause, resumed after its last one, and reports the first that is left', () => {
  const { held, seen } = partitionHold();
  const [store, registry] = [{}, {}];
  held.hold(store, fault('store'));
  assert.equal(held.isHeld(), true);
  const reported = ['paused 7', 'changed'];
  assert.deepEqual(seen(), ['error_type refused', 'pause', 'orders/3 store', ...reported]);
  held.hold(registry, fault('registry', 'slow'));
  assert.deepEqual(seen(), ['error_type slow', 'orders/3 store', ...reported]);
  held.hold(store, undefined);
  assert.deepEqual(seen(), ['orders/3 registry', ...reported]);
  held.report();
  assert.deepEqual(seen(), ['orders/3 registry']);
  held.hold(registry, undefined);
  assert.deepEqual(seen(), ['resume', 'orders/3 not paused', ...reported]);
  held.hold(registry, undefined);
  held.report();
  assert.deepEqual(seen(), []);
  assert.equal(held.isHeld(), false);
});

test('a partition that is being drained is not resumed', () => {
  const { held, seen, drain } = partitionHold();
  held.hold(held, fault('store'));
  drain();
  seen();
  held.hold(held, undefined);
  assert.deepEqual(seen(), ['orders/3 not paused', 'paused 7', 'changed']);
});

test('the reason of the brake ends with how to lift it', () => {
  const { held, events } = partitionHold();
  held.hold({}, fault('store'));
  assert.equal(held.isBraked(), false);
  const brake = {};
  held.hold(brake, fault('the brake is on', 'dead-letter-brake'));
  assert.equal(held.isBraked(), true);
  held.forget();
  assert.equal(held.isBraked(), false);
  held.hold(brake, fault('the brake is on', 'dead-letter-brake'));
  assert.ok(events.includes('orders/3 the brake is on. Lift it'));
});

test('a retry holds the partition for a delay that grows until records are stored', (context: TestContext) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  context.mock.method(Math, 'random', () => 1);
  const { held } = partitionHold();
  const heldForMs = (): number => {
    held.holdForRetry(fault('registry'));
    let ms = 0;
    for (; held.isHeld(); ms += 50) context.mock.timers.tick(50);
    return ms;
  };
  assert.deepEqual([heldForMs(), heldForMs(), heldForMs()], [100, 200, 400]);
  held.recovered();
  assert.equal(heldForMs(), 100);
});

test('once the partition is over, nothing is paused or reported', () => {
  const { held, events } = partitionHold();
  held.end();
  held.hold({}, fault('store'));
  assert.deepEqual(events, []);
});
