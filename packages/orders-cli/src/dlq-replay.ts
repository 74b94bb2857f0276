import type { Command } from './command.ts';
import { letterFlagsHelp } from './dead-letters/letter-filter.ts';
import { connectionHelp } from './kafka/connection.ts';

const help = `orders dlq replay [flags]: write dead letters back to the topic they came from

${letterFlagsHelp}
  --from-offset PLACES   begin at these places of the dead-letter topic, 0@41,3@17; other partitions
                         are not read. An interrupted run prints them
  --limit N              N dead letters at most
  --rate N               N per second at most (default 0: no limit)
  --to-origin-partition  to the partition of the origin, not to that of the key
  --yes                  write; without it, only show what would be written
  --json                 the result as one JSON object
  --help                 this text

A replayed record has key, value and headers of the original, the headers orders.dlq.topic, .partition,
.offset and .timestamp of its origin, and orders.dlq.replayed, its count. It goes to the partition of
its key, or without a key to the partition of its origin. Records of one key stay in order: the next
one is written when the one before is acknowledged. Dead letters stay on their topic. Those that are
written while the command runs are not replayed by it.

If the run ends early, it prints --from-offset for the next run, which may repeat up to 200 records
that were acknowledged.

${connectionHelp}
The topic: DLQ_TOPIC, else <topic>.dlq of TOPIC_NAMES or TOPIC_NAME (default orders).

Exit code: 0 all chosen dead letters were replayed, or shown; 1 otherwise, 2 wrong flags, 78 wrong
environment, 130 stopped by a signal (Ctrl-C).`;

export const dlqReplayCommand: Command = {
  words: ['dlq', 'replay'],
  summary: 'write dead letters back to their topic',
  help,
  run: async (argv, terminal) =>
    (await import('./dlq-replay-run.ts')).replayDeadLetters(argv, terminal),
};
