import type { Command } from './command.ts';
import { groupFlagsHelp } from './group/group-variables.ts';
import { connectionHelp } from './kafka/connection.ts';

const help = `orders offsets show [flags]: the committed offsets of a group, beside the offsets of the topics

${groupFlagsHelp}
  --json            one JSON object per partition
  --help            this text

COMMITTED is the next offset that the group reads; START and END are the first offset and the end of
what can be read. NOTE says why the service would not go on at the commit. METADATA names the topic's
id and where each sink stands.

${connectionHelp}

Exit code: 0 shown, 1 otherwise, 2 wrong flags, 78 wrong environment.`;

export const offsetsShowCommand: Command = {
  words: ['offsets', 'show'],
  summary: 'show the offsets of a group',
  help,
  run: async (argv, terminal) =>
    (await import('./offsets-show-run.ts')).showOffsets(argv, terminal),
};
