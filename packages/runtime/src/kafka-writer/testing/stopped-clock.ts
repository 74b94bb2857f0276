import type { TestContext } from 'node:test';

/** Timers and `performance.now()` stand still until `context.mock.timers.tick`. */
export function stopClock(context: TestContext): void {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
  context.mock.method(performance, 'now', () => Date.now());
}
