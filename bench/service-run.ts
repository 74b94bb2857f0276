import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@order-stream/local-stack/ports';
import { root } from '@order-stream/local-stack/state-folder';
import { cpuSeconds, peakRssMiB, type Run, rssMiB } from './process-usage.ts';

// The flags of the service's image.
const shippedFlags = ['--max-semi-space-size=16'];
/** Until something was taken. */
const waitingMs = 20;
// Each sample takes some milliseconds of the service's time.
const samplingMs = 200;

export interface ServiceRun extends Run {
  /** The highest resident set sizes of the first third of the time, and of the last. */
  thirdsMiB: [number, number];
}

interface Sample {
  stored: number;
  at: number;
  cpuSeconds: number;
  rssMiB: number;
}

/**
 * Runs the service as shipped, with stdout to /dev/null, and measures from its first record until all are stored.
 *
 * @param countsWhole whether records count as stored a file at a time. Then the first record was at most 20 ms before the
 *   measurement begins, and it ends up to 200 ms after the last one was stored. Otherwise, both ends are exact
 */
export async function runService(options: {
  orders: number;
  environment: Record<string, string>;
  countsWhole: boolean;
}): Promise<ServiceRun> {
  const { orders, countsWhole } = options;
  const managementPort = await freePort();
  const main = join(root, 'services/order-consumer/src/main.ts');
  const child = spawn(process.execPath, [...shippedFlags, ...process.execArgv, main], {
    stdio: ['ignore', openSync('/dev/null', 'w'), 'ignore'],
    env: {
      ...process.env,
      ...options.environment,
      GROUP_ID: `bench-${randomUUID()}`,
      HOST: '127.0.0.1',
      MANAGEMENT_PORT: String(managementPort),
      DRAIN_DELAY_MS: '0',
    },
  });
  const pid = child.pid as number;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const samples: Sample[] = [];
  while ((samples.at(-1)?.stored ?? 0) < orders) {
    await delay(samples.length === 0 ? waitingMs : samplingMs);
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    const { stored, heldBytes } = await progressOf(managementPort);
    if (stored > 0 || heldBytes > 0)
      samples.push({
        ...{ stored, at: performance.now() },
        ...{ cpuSeconds: cpuSeconds(pid), rssMiB: rssMiB(pid) },
      });
  }
  const peak = peakRssMiB(pid);
  child.kill('SIGTERM');
  await ended;
  const first = samples[0] as Sample;
  const last = samples.at(countsWhole ? -1 : -2);
  if (last === undefined || first === last)
    throw new Error('too few orders to measure: set a higher --orders');
  const records = last.stored - first.stored;
  const third = (last.at - first.at) / 3;
  const highest = (among: (at: number) => boolean) =>
    Math.max(...samples.filter(({ at }) => among(at)).map((one) => one.rssMiB));
  return {
    perSecond: (records * 1000) / (last.at - first.at),
    cpuMicros: ((last.cpuSeconds - first.cpuSeconds) * 1e6) / records,
    peakRssMiB: peak,
    thirdsMiB: [highest((at) => at <= first.at + third), highest((at) => at >= last.at - third)],
  };
}

async function progressOf(managementPort: number): Promise<{ stored: number; heldBytes: number }> {
  try {
    const answer = await fetch(`http://127.0.0.1:${managementPort}/metrics`);
    const text = await answer.text();
    const gauge = (metric: string) =>
      Number(new RegExp(`^${metric}\\{.*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    return {
      stored: gauge('messaging_client_consumed_messages_total'),
      heldBytes: gauge('orders_sink_inflight_bytes'),
    };
  } catch {
    return { stored: 0, heldBytes: 0 };
  }
}
