#!/usr/bin/env node
import { runProcess } from '@order-stream/command-line';
import { schemasCommand } from './schemas-command.ts';

const { env, stdout, stderr } = process;
const stop = new AbortController();

// Without await at the top level, which the CommonJS build of the published package cannot have.
void runProcess({ name: 'glue-schemas', stderr, onOutputFault: () => stop.abort() }, () =>
  schemasCommand(process.argv.slice(2), {
    ...{ env, stdout, stderr },
    // Opened on use: most commands do not read it.
    get stdin() {
      return process.stdin;
    },
    stop: stop.signal,
  }),
);
