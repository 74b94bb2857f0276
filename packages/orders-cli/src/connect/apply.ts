import type { Command } from '../command.ts';
import { connectHelp } from './connect-settings.ts';

const help = `orders connect apply FILE… [flags]: create connectors of Kafka Connect, or change them

  --dry-run         only show what would be created or changed
  --wait SECONDS    for a worker that answers, for the end of a rebalance, and until the connectors
                    and their tasks run (default 120)
  --after URL       first wait until GET of this URL answers 2xx; can be repeated. For a registry: a
                    task that cannot reach it fails, and stays so
  --json            one JSON object per connector
  --help            this text

Each file is the body of POST /connectors: {"name": …, "config": {…}}. The worker checks the
configurations of all files before the first is applied; each wrong property is named, and nothing is
applied. A connector that has exactly this configuration is left alone, so the command can be repeated.
Properties that the file does not have are removed. Connectors without a file are left alone. Values of
properties that may be secrets are not shown; passwords belong into references that the worker resolves,
such as \${env:DB_PASSWORD}.

Failed parts of a changed connector are restarted. A connector that somebody paused or stopped stays so.

${connectHelp}

Exit code: 0 all run, or are paused or stopped, or were only shown; 1 otherwise, 2 wrong flags, 78 wrong
environment, 130 stopped by a signal (Ctrl-C).`;

export const connectApplyCommand: Command = {
  words: ['connect', 'apply'],
  summary: 'create or change connectors of Kafka Connect',
  help,
  run: async (argv, terminal) => (await import('./apply-run.ts')).applyConnectors(argv, terminal),
};
