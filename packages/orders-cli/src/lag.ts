import type { Command } from './command.ts';
import { groupFlagsHelp } from './group/group-variables.ts';
import { connectionHelp } from './kafka/connection.ts';

const help = `orders lag [flags]: what a group has not processed yet, per partition

${groupFlagsHelp}
  --watch           again and again, until a signal (Ctrl-C)
  --interval N      with --watch: every N seconds (default 2)
  --json            one JSON object per partition
  --help            this text

LAG counts the records between the group's next offset and the end of what can be read. SECONDS is the
age of the oldest of them, by its timestamp. OPEN TXN counts what was written behind the start of an
open transaction: nobody can read it, so it is not a lag. MEMBER owns the partition. A group without a
usable commit begins at the first record.

${connectionHelp}

Exit code: 0 shown, or stopped by a signal; 1 otherwise, 2 wrong flags, 78 wrong environment.`;

export const lagCommand: Command = {
  words: ['lag'],
  summary: 'what a group has not processed yet',
  help,
  run: async (argv, terminal) => (await import('./lag-run.ts')).showLag(argv, terminal),
};
