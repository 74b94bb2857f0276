#!/usr/bin/env node
import { isatty } from 'node:tty';
import { exitCodes } from '@order-stream/command-line';
import { standardError } from '@order-stream/standard-streams';
import { ordersCommand } from './orders-command.ts';

const { write } = standardError();
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  // `once`: a second signal has no listener and ends the process.
  process.once(signal, () => {
    stop.abort();
    write(`orders: ${signal}, finishing the requests in flight; a second signal ends at once\n`);
  });
}

let outputFault: NodeJS.ErrnoException | undefined;
process.stdout.on('error', (error) => {
  outputFault = error;
  // Nobody reads any more: a command without an end must end.
  stop.abort();
});
let code = await ordersCommand(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: { write, isTTY: isatty(2) },
  stop: stop.signal,
});
await new Promise((resolve) => process.stdout.write('', resolve));
// A reader such as `head` may end when it has read enough.
if (outputFault !== undefined && outputFault.code !== 'EPIPE') {
  write(`orders: cannot write to standard output (${outputFault.code})\n`);
  code ||= exitCodes.failed;
}
// An abandoned connection attempt can keep the event loop busy after its deadline.
process.exit(code);
