// Keeps a window of records, as a process does that reads a backlog, and prints the highest use of its heap in MiB once the window
// is full.
import { limitHeapGrowth } from '../heap-growth.ts';

if (process.argv[2] === 'limited') limitHeapGrowth();
const windowRecords = 300_000;
const window: object[] = [];
const keep = (i: number) => {
  window[i % windowRecords] = { offset: i, key: { id: i }, value: [i, i, i] };
};
for (let i = 0; i < windowRecords; i += 1) keep(i);
// The first limit of the heap does not depend on its growth. Each collection sets the next limit.
globalThis.gc?.();
let highest = 0;
for (let i = windowRecords; i < 8 * windowRecords; i += 1) {
  keep(i);
  if (i % 10_000 === 0) highest = Math.max(highest, process.memoryUsage().heapUsed / 2 ** 20);
}
process.stdout.write(String(highest));
