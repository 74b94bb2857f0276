import type { Command } from './command.ts';
import { groupFlagsHelp } from './group/group-variables.ts';
import { connectionHelp } from './kafka/connection.ts';
import { startPointWords } from './kafka/start-point.ts';

const help = `orders offsets reset --to WHERE [flags]: move the committed offsets of a group

  --to WHERE        ${startPointWords}
${groupFlagsHelp}
  --partition N     only this partition; can be repeated, and needs one topic
  --yes             commit; without it, only show the move
  --json            one JSON object per partition
  --help            this text

The group must be empty: a member would go on from its own place. If it has members, the command names
them and changes nothing. A time is the first record with that timestamp or a later one. RECORDS is the
number of offsets that are read again (negative) or skipped (positive).

${connectionHelp}

Exit code: 0 shown or committed, 1 otherwise, 2 wrong flags, 78 wrong environment.`;

export const offsetsResetCommand: Command = {
  words: ['offsets', 'reset'],
  summary: 'move the offsets of an empty group',
  help,
  run: async (argv, terminal) =>
    (await import('./offsets-reset-run.ts')).resetOffsets(argv, terminal),
};
