import type { Terminal } from '../command.ts';
import { systemClock } from '../system-clock.ts';
import { createConnectClient } from './connect-client.ts';
import { loadConnectSettings } from './connect-settings.ts';
import { type ConnectWorker, createConnectWorker } from './connect-worker.ts';
import type { Patience } from './persist.ts';

/**
 * Runs `use` with the worker of the environment, and closes its connections.
 *
 * @param command names the command in what it reports while it waits
 * @param waitSeconds from now on; 0: each request is sent once
 * @throws ConfigError | what `use` throws
 */
export async function withWorker<Result>(
  command: string,
  { env, stderr, stop }: Terminal,
  waitSeconds: number,
  use: (worker: ConnectWorker, patience: Patience) => Promise<Result>,
): Promise<Result> {
  const worker = createConnectWorker(createConnectClient(loadConnectSettings(env)));
  try {
    return await use(worker, {
      untilMs: systemClock.nowMs() + waitSeconds * 1000,
      clock: systemClock,
      stop,
      onWait: (reason) => stderr.write(`${command}: waiting: ${reason}\n`),
    });
  } finally {
    // Not awaited: an abandoned request would hold it up.
    void worker.close();
  }
}
