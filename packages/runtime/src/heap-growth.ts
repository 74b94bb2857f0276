import { setFlagsFromString } from 'node:v8';

/**
 * Lets the old generation of the heap grow to twice what it holds before it is collected, and keeps new objects out of it. V8 reads
 * these flags while the process runs, however it was started.
 */
export function limitHeapGrowth(): void {
  // V8 lets it grow up to four times on a machine with much memory.
  setFlagsFromString('--heap-growing-percent=100');
  // From what survives the first collections, V8 decides for the life of the process where the objects of a place in the code begin.
  // Records survive some collections and are then garbage: in the old generation, that costs CPU time and memory.
  setFlagsFromString('--no-allocation-site-pretenuring');
}
