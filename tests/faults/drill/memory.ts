import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedConsumer } from './recorded-consumer.ts';

const mib = 1024 * 1024;
const mostGrowthMiB = 20;
const everyMs = 500;

/** Watches the resident memory of a member for some time, and asserts that it is flat. Returns the largest value, in MiB. */
export async function assertFlatMemory(
  member: RecordedConsumer,
  seconds: number,
  mostMiB: number,
  note: (text: string) => void,
): Promise<number> {
  const samples: number[] = [];
  const endMs = performance.now() + seconds * 1_000;
  while (performance.now() < endMs) {
    samples.push(Math.round((await member.metric('process_resident_memory_bytes')) / mib));
    await pause(everyMs);
  }
  // Until then, the limit of what is in flight fills up.
  const settled = samples.slice(samples.length / 2);
  const half = settled.length >> 1;
  const growth = Math.max(...settled.slice(half)) - Math.max(...settled.slice(0, half));
  const figures = `${member.printed()} lines; memory in MiB: ${samples}`;
  note(figures);
  assert.ok(growth <= mostGrowthMiB, `memory grew by ${growth} MiB: ${figures}`);
  assert.ok(Math.max(...samples) <= mostMiB, figures);
  return Math.max(...samples);
}
