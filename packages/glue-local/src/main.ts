#!/usr/bin/env node
import { once } from 'node:events';
import { exitCodes, runCommand, type Terminal } from '@order-stream/command-line';
import { logNodeErrors, standardError } from '@order-stream/standard-streams';
import { readSettings, usage } from './command-line.ts';
import { createGlueLocal } from './glue-local.ts';
import { SeedError } from './seed/seed-error.ts';

async function serve(argv: string[], { env, stderr }: Terminal): Promise<number> {
  const read = readSettings(argv, env);
  if (read.faults) {
    stderr.write(`${read.faults.map((fault) => `glue-local: ${fault}\n`).join('')}\n${usage}\n`);
    return exitCodes.config;
  }
  const { port, host, ...options } = read.settings;
  try {
    const app = createGlueLocal({ ...options, logger: { stream: standardError() } });
    logNodeErrors(app.log);
    const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => once(process, signal));
    await app.listen({
      port,
      host,
      listenTextResolver: (address) =>
        `glue-local listens on ${address}, database ${options.databaseFile}`,
    });
    await Promise.race(signals);
    await app.close();
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof SeedError) {
      stderr.write(error.faults.map((fault) => `glue-local: ${fault}\n`).join(''));
      return exitCodes.config;
    }
    stderr.write(`glue-local: ${error instanceof Error ? error.message : error}\n`);
    return exitCodes.failed;
  }
}

// Without await at the top level, which the CommonJS build of the published package cannot have.
runCommand('glue-local', { help: usage, run: serve }, process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: standardError(),
}).then((exitCode) => process.exit(exitCode));
