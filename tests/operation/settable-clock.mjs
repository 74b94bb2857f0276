// Loaded into a service by `node --import`: its wall clock is the machine's plus the milliseconds in the file that
// TEST_CLOCK_OFFSET_FILE names. Monotonic clocks and timers are untouched, as when a system's clock is set.
import { readFileSync } from 'node:fs';

const file = process.env.TEST_CLOCK_OFFSET_FILE;
const wallNow = Date.now;
const now = () => wallNow() + Number(readFileSync(file, 'utf8'));

globalThis.Date = new Proxy(Date, {
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: (target) => new target(now()).toString(),
});
