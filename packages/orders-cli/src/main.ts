#!/usr/bin/env node
import { ordersCommand } from './orders-command.ts';

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  // `once`: a second signal finds no listener and ends the process as signals do.
  process.once(signal, () => {
    stop.abort();
    process.stderr.write(
      `orders: ${signal}, finishing what is in flight; once more ends at once\n`,
    );
  });
}

const code = await ordersCommand(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stop: stop.signal,
});
// Not left to an empty event loop: an abandoned connection attempt may outlive its deadline.
process.exit(code);
