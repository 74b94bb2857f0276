import type { Command } from './command.ts';
import { letterFlagsHelp } from './dead-letters/letter-filter.ts';
import { connectionHelp } from './kafka/connection.ts';

const help = `orders dlq ls [flags]: count and list dead letters, with their origin

${letterFlagsHelp}
  --counts         only the counts by reason, topic and partition
  --limit N        list N at most (default 100; with --json all)
  --json           one JSON object per dead letter, or per count with --counts
  --help           this text

PLACE is partition@offset on the dead-letter topic, for \`orders dlq show\`. ORIGIN is the record that
could not be processed. Payloads are not shown.

${connectionHelp}
The topic: DLQ_TOPIC, else <topic>.dlq of TOPIC_NAMES or TOPIC_NAME (default orders).

Exit code: 0 listed, 1 otherwise, 2 wrong flags, 78 wrong environment, 130 stopped by a signal.`;

export const dlqLsCommand: Command = {
  words: ['dlq', 'ls'],
  summary: 'count and list dead letters',
  help,
  run: async (argv, terminal) => (await import('./dlq-ls-run.ts')).listDeadLetters(argv, terminal),
};
