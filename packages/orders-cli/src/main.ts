#!/usr/bin/env node
import { isatty } from 'node:tty';
import { runProcess } from '@order-stream/command-line';
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

const stderr = { write, isTTY: isatty(2) };
await runProcess({ name: 'orders', stderr, onOutputFault: () => stop.abort() }, () =>
  ordersCommand(process.argv.slice(2), {
    ...{ env: process.env, stdout: process.stdout, stderr, stop: stop.signal },
    // A getter: only a command that asks a question opens stdin.
    get stdin() {
      return process.stdin;
    },
  }),
);
