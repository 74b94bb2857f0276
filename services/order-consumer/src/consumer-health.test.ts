import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { type ConsumerHealth, createConsumerHealth } from './consumer-health.ts';

let clock: number;
let wallClock: number;
let stopping: boolean;
let sinkBusySince: number | undefined;
let sinkMovedSlowlyAt: number | undefined;
let health: ConsumerHealth;
beforeEach(() => {
  clock = 1_000_000;
  wallClock = 1_680_000_000_000;
  stopping = false;
  sinkBusySince = undefined;
  sinkMovedSlowlyAt = undefined;
  health = createConsumerHealth({
    now: () => clock,
    wallNow: () => wallClock,
    stopping: () => stopping,
    sinks: () => [
      { name: 'idle', busySince: undefined, movedSlowlyAt: undefined },
      { name: 'stdout', busySince: sinkBusySince, movedSlowlyAt: sinkMovedSlowlyAt },
    ],
  });
});
const pass = (ms: number) => {
  clock += ms;
  wallClock += ms;
};

test('the consumer is ready after it joined, whichever partitions it was assigned', () => {
  assert.deepEqual(health.readiness(), ['the consumer has not joined the group']);
  health.joined({});
  assert.deepEqual(health.readiness(), []);
  health.left();
  assert.deepEqual(health.readiness(), ['the consumer has not joined the group']);
});

test('readiness names each missing dependency', () => {
  health.need('topics', 'missing topics: orders.dlq');
  health.need('registry', 'registry: refused');
  assert.deepEqual(health.readiness(), ['missing topics: orders.dlq', 'registry: refused']);
  health.joined({ orders: [0] });
  health.need('topics', undefined);
  assert.deepEqual(health.readiness(), ['registry: refused']);
});

test('a paused partition makes the consumer unready, not unhealthy', () => {
  health.joined({ orders: [0, 1] });
  health.paused('orders', 1, 'registry unavailable');
  assert.equal(health.pausedPartitions(), 1);
  health.observedLag('orders', 1, 5);
  pass(120_000);
  health.observedLag('orders', 1, 5);
  assert.deepEqual(health.readiness(), ['orders/1 is paused: registry unavailable']);
  assert.deepEqual(health.liveness(), []);
  health.joined({ orders: [1] });
  assert.deepEqual(health.readiness(), ['orders/1 is paused: registry unavailable']);
  for (const _ of ['a rebalance', 'and another one']) {
    health.left();
    health.left();
    assert.equal(health.pausedPartitions(), 0);
    health.joined({ orders: [1] });
    assert.deepEqual(health.readiness(), ['orders/1 is paused: registry unavailable']);
  }
  health.progressed('orders', 1, wallClock);
  assert.deepEqual(health.readiness(), []);
});

test('a pause of before a rebalance ends when records are taken, although a sink keeps them for long', () => {
  health.joined({ orders: [0] });
  health.paused('orders', 0, 'the registry has not answered yet');
  health.left();
  health.joined({ orders: [0] });
  health.observedLag('orders', 0, 5);
  assert.equal(health.pausedPartitions(), 1);
  health.took('orders', 0);
  assert.equal(health.pausedPartitions(), 0);
  assert.deepEqual(health.readiness(), []);
  health.took('orders', 9);
});

test('F06 a partition whose waiting records were deleted is not paused any more', () => {
  health.joined({ orders: [0] });
  health.paused('orders', 0, 'registry unavailable');
  health.observedLag('orders', 0, 1);
  assert.equal(health.pausedPartitions(), 1);
  health.observedLag('orders', 0, 0);
  assert.equal(health.pausedPartitions(), 0);
  assert.deepEqual(health.readiness(), []);
});

test('60 s without progress while records wait is unhealthy', () => {
  health.joined({ orders: [0, 1] });
  health.observedLag('orders', 0, 5);
  health.observedLag('orders', 1, 0);
  pass(59_000);
  health.observedLag('orders', 0, 5);
  health.observedLag('orders', 1, 0);
  assert.deepEqual(health.liveness(), []);
  pass(2_000);
  assert.deepEqual(health.liveness(), ['orders/0 has made no progress for 61 s']);
  health.progressed('orders', 0, wallClock);
  assert.deepEqual(health.liveness(), []);
});

test('records that arrive after an idle hour get the full 60 s', () => {
  health.joined({ orders: [0] });
  health.observedLag('orders', 0, 0);
  pass(3_600_000);
  health.observedLag('orders', 0, 3);
  pass(30_000);
  assert.deepEqual(health.liveness(), []);
  pass(31_000);
  assert.equal(health.liveness().length, 1);
});

test('neither a lost broker, a rebalance, a slow sink nor a drain is unhealthy', () => {
  const stall = () => {
    health.joined({ orders: [0] });
    health.observedLag('orders', 0, 5);
    pass(120_000);
    assert.equal(health.liveness().length, 1);
  };
  stall();
  health.need('broker', 'broker: not connected');
  assert.deepEqual(health.liveness(), []);
  health.need('broker', undefined);
  stall();
  health.left();
  assert.deepEqual(health.liveness(), []);
  stall();
  sinkBusySince = clock - 15_000;
  assert.deepEqual(health.liveness(), []);
  assert.deepEqual(health.readiness(), ['the sink stdout has accepted nothing for 15 s']);
  sinkBusySince = undefined;
  stopping = true;
  assert.deepEqual(health.liveness(), []);
  assert.deepEqual(health.readiness(), ['draining']);
});

test('F09 while a slow sink moves, no partition is stalled; when it is fast again, each has 60 s', () => {
  health.joined({ orders: [0, 1] });
  for (const partition of [0, 1]) health.observedLag('orders', partition, 5);
  for (let waited = 0; waited < 120_000; waited += 4_000) {
    pass(4_000);
    sinkBusySince = clock;
    sinkMovedSlowlyAt = clock;
    pass(3_000);
    assert.deepEqual(health.liveness(), []);
    assert.deepEqual(health.readiness(), []);
  }
  sinkBusySince = undefined;
  pass(56_000);
  assert.deepEqual(health.liveness(), []);
  pass(2_000);
  assert.equal(health.liveness().length, 2);
});

test('F09 while a broker throttles the consumer, no partition is stalled; afterwards each has 60 s', () => {
  health.joined({ orders: [0] });
  health.observedLag('orders', 0, 5);
  health.throttled('a:9092', true);
  health.throttled('b:9092', true);
  assert.equal(health.throttlingBrokers(), 2);
  pass(90_000);
  health.throttled('a:9092', false);
  pass(90_000);
  assert.deepEqual(health.liveness(), []);
  health.throttled('b:9092', false);
  pass(59_000);
  assert.deepEqual(health.liveness(), []);
  pass(2_000);
  assert.deepEqual(health.liveness(), ['orders/0 has made no progress for 61 s']);
});

test('F09 a broker that throttled the last session does not hide a stall of the next', () => {
  health.joined({ orders: [0] });
  health.throttled('a:9092', true);
  health.left();
  health.joined({ orders: [0] });
  health.observedLag('orders', 0, 5);
  pass(61_000);
  assert.equal(health.liveness().length, 1);
});

test('F09 connections that close without having been throttled do not hide a stall', () => {
  health.joined({ orders: [0] });
  health.observedLag('orders', 0, 5);
  for (let closed = 0; closed < 13; closed += 1) {
    pass(5_000);
    health.throttled('a:9092', false);
  }
  assert.deepEqual(health.liveness(), ['orders/0 has made no progress for 65 s']);
});

test('F09 a partition that reads through aborted transactions progresses, and its lag keeps its age', () => {
  health.joined({ orders: [0] });
  health.progressed('orders', 0, wallClock);
  for (let read = 0; read < 3; read += 1) {
    pass(50_000);
    health.progressed('orders', 0);
    assert.equal(health.observedLag('orders', 0, 5), (read + 1) * 50);
    assert.deepEqual(health.liveness(), []);
  }
  pass(61_000);
  assert.equal(health.liveness().length, 1);
});

test('lag in seconds is the age of the oldest unread record', () => {
  health.joined({ orders: [0] });
  // With a backlog, the lag is the age of the last processed record.
  health.progressed('orders', 0, wallClock - 600_000);
  assert.equal(health.observedLag('orders', 0, 5), 600);
  // Once the consumer has caught up, later records cannot be older than this moment.
  assert.equal(health.observedLag('orders', 0, 0), 0);
  pass(5_000);
  assert.equal(health.observedLag('orders', 0, 1), 5);
  pass(5_000);
  assert.equal(health.observedLag('orders', 0, 1), 10);
});

test('F16 lag in seconds and stalls do not follow the wall clock when it is set', () => {
  for (const change of [-600_000, 600_000]) {
    health.joined({ orders: [0] });
    health.progressed('orders', 0, wallClock - 5_000);
    wallClock += change;
    assert.equal(health.observedLag('orders', 0, 5), 5);
    pass(59_000);
    assert.deepEqual(health.liveness(), []);
    assert.equal(health.observedLag('orders', 0, 5), 64);
    pass(2_000);
    assert.equal(health.liveness().length, 1);
    assert.equal(health.observedLag('orders', 0, 0), 0);
    wallClock += change;
    pass(3_000);
    assert.equal(health.observedLag('orders', 0, 2), 3);
  }
});

test('a record from a clock that is ahead waits from the moment it was read', () => {
  health.joined({ orders: [0] });
  health.progressed('orders', 0, wallClock + 600_000);
  pass(2_000);
  assert.equal(health.observedLag('orders', 0, 1), 2);
});

test('records that a sink keeps for a file may wait that much longer, those that were not taken may not', () => {
  const slow = createConsumerHealth({
    now: () => clock,
    stopping: () => false,
    sinks: () => [],
    sinkHoldMs: 300_000,
  });
  slow.joined({ orders: [0] });
  slow.observedLag('orders', 0, 5, false);
  pass(100_000);
  slow.took('orders', 0);
  pass(359_000);
  assert.deepEqual(slow.liveness(), []);
  pass(2_000);
  assert.deepEqual(slow.liveness(), ['orders/0 has made no progress for 361 s']);
  slow.took('orders', 0);
  slow.observedLag('orders', 0, 9, true);
  pass(61_000);
  assert.deepEqual(slow.liveness(), ['orders/0 has made no progress for 61 s']);
});

test('a partition that takes records again is not paused any more, and has the usual time to progress', () => {
  health.joined({ orders: [0] });
  health.paused('orders', 0, 'sink s3 is down');
  pass(120_000);
  health.observedLag('orders', 0, 9);
  health.paused('orders', 0, undefined);
  assert.equal(health.pausedPartitions(), 0);
  pass(60_000);
  health.paused('orders', 0, undefined);
  assert.deepEqual(health.liveness(), []);
  pass(1_000);
  assert.deepEqual(health.liveness(), ['orders/0 has made no progress for 61 s']);
});

test('reports about unassigned partitions change nothing', () => {
  health.joined({ orders: [0] });
  health.paused('orders', 5, 'x');
  health.progressed('orders', 5, 0);
  assert.equal(health.observedLag('orders', 5, 10), 0);
  assert.deepEqual(health.readiness(), []);
});
