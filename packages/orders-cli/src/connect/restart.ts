import type { Command } from '../command.ts';
import { connectHelp } from './connect-settings.ts';

const help = `orders connect restart [NAME…] [flags]: restart connectors and their tasks

  --failed          only connectors and tasks that are FAILED; without a NAME, of all connectors
  --yes             restart; without it, only show what would be restarted
  --wait SECONDS    for a worker that answers, for the end of a rebalance, and until all that was
                    restarted runs (default 60)
  --json            one JSON object per connector
  --help            this text

A NAME or --failed is required. A task that fails at the same record again fails again after a restart:
\`orders connect status\` shows why.

${connectHelp}

Exit code: 0 all that was restarted runs, nothing is FAILED, or only shown; 1 otherwise, 2 wrong flags,
78 wrong environment, 130 stopped by a signal (Ctrl-C).`;

export const connectRestartCommand: Command = {
  words: ['connect', 'restart'],
  summary: 'restart connectors, or what has failed',
  help,
  run: async (argv, terminal) =>
    (await import('./restart-run.ts')).restartConnectors(argv, terminal),
};
