import type { Command } from './command.ts';
import { connectionHelp } from './kafka/connection.ts';
import { decoderHelp } from './kafka/registry-variables.ts';
import { startPointWords } from './kafka/start-point.ts';

const help = `orders tail [flags] [TOPIC]: print the records of a topic as they arrive, decoded

  TOPIC            (default TOPIC_NAME, orders)
  --from WHERE     ${startPointWords} (default latest);
                   an offset needs one --partition
  --partition N    only this partition; can be repeated
  --key TEXT       only records with this key; /order_id=ID looks into a key that is JSON
  --field P=VALUE  only records whose value has VALUE at the JSON pointer P: --field /user_id=42;
                   can be repeated, and all must match
  --count N        end after N printed records
  --no-follow      end at the records that are committed at the start
  --json           one JSON object per line, as the consumer's stdout sink
  --help           this text

Avro, JSON Schema and Protobuf are decoded by their registry; other values are JSON or plain text. A
value that cannot be decoded is printed with the reason, and the command goes on. Only committed
records are read. Nothing is committed, and no consumer group is used.

${decoderHelp}
${connectionHelp}

Exit code: 0 ended by --count, --no-follow or a signal (Ctrl-C), 1 otherwise, 2 wrong flags, 78 wrong
environment.`;

export const tailCommand: Command = {
  words: ['tail'],
  summary: 'print the records of a topic, decoded',
  help,
  // Loaded when it runs: what decodes records would double the time that other commands take to start.
  run: async (argv, terminal) => (await import('./tail-topic.ts')).tailTopic(argv, terminal),
};
