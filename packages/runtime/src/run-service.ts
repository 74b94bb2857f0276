import { ConfigError } from './load-config.ts';
import { keepTickShape } from './tick-shape.ts';

/** EX_CONFIG of sysexits.h. */
const invalidConfiguration = 78;

/**
 * Starts a service. An invalid environment ends the process with exit code 78 and one line on stderr for each fault.
 * Any other failure to start ends it with exit code 1.
 */
export async function runService(service: string, start: () => Promise<void>): Promise<void> {
  keepTickShape();
  try {
    await start();
  } catch (error) {
    const lines =
      error instanceof ConfigError
        ? error.faults.map(({ variable, problem }) => `${variable} ${problem}`)
        : [error instanceof Error ? error.message : String(error)];
    for (const line of lines) process.stderr.write(`${service}: ${line}\n`);
    process.exit(error instanceof ConfigError ? invalidConfiguration : 1);
  }
}
