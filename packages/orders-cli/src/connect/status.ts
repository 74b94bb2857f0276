import type { Command } from '../command.ts';
import { connectHelp } from './connect-settings.ts';

const help = `orders connect status [NAME…] [flags]: connectors and their tasks, and why they failed

  --watch           again and again, until a signal (Ctrl-C); goes on while no worker answers
  --interval N      with --watch: every N seconds (default 2)
  --wait SECONDS    for a worker that answers (default 10)
  --json            one JSON object per connector, with whole stack traces
  --help            this text

Without a NAME, all connectors. ERROR is the first line of the stack trace and its last cause. A
connector can be RUNNING while its tasks are FAILED; failed tasks stay so until somebody restarts them.
Connect reports the tasks of a worker that died as RUNNING until the group has noticed its death.

${connectHelp}

Exit code: 1 if a connector or task is FAILED, if a NAME does not exist or if no worker answers. Else 0:
those that are PAUSED, STOPPED, UNASSIGNED or RESTARTING are named on stderr. 2 wrong flags, 78 wrong
environment.`;

export const connectStatusCommand: Command = {
  words: ['connect', 'status'],
  summary: 'the states of connectors and tasks',
  help,
  run: async (argv, terminal) => (await import('./status-run.ts')).showConnectors(argv, terminal),
};
