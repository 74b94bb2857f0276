import type { Command } from './command.ts';
import { connectionHelp } from './kafka/connection.ts';
import { decoderHelp } from './kafka/registry-variables.ts';

const help = `orders dlq show [flags] PLACE: one dead letter: why, where from, key, value and headers

  PLACE        partition@offset on the dead-letter topic, as \`orders dlq ls\` prints it: 3@41
  --dlq NAME   the dead-letter topic (default DLQ_TOPIC, <topic>.dlq)
  --json       one JSON object; bytes that cannot be decoded are base64
  --help       this text

A value that cannot be decoded is shown in hexadecimal, up to 1024 bytes of it.

${decoderHelp}
${connectionHelp}
The topic: DLQ_TOPIC, else <topic>.dlq of TOPIC_NAMES or TOPIC_NAME (default orders).

Exit code: 0 shown, 1 otherwise, 2 wrong flags, 78 wrong environment.`;

export const dlqShowCommand: Command = {
  words: ['dlq', 'show'],
  summary: 'show one dead letter',
  help,
  run: async (argv, terminal) => (await import('./dlq-show-run.ts')).showDeadLetter(argv, terminal),
};
