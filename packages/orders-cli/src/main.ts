#!/usr/bin/env node
import { ordersCommand } from './orders-command.ts';

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  // `once`: a second signal has no listener and ends the process.
  process.once(signal, () => {
    stop.abort();
    process.stderr.write(
      `orders: ${signal}, finishing the requests in flight; a second signal ends at once\n`,
    );
  });
}

const code = await ordersCommand(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stop: stop.signal,
});
// An abandoned connection attempt can keep the event loop busy after its deadline.
process.exit(code);
