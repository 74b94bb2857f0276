import { ConfigError } from '@order-stream/runtime';
import { SerdeError } from '@order-stream/serde';
import { checkCommand } from './check.ts';
import { type Command, EXIT, type Terminal, UsageError } from './command-line.ts';
import { decodeCommand } from './decode.ts';
import { diffCommand } from './diff.ts';
import { getCommand } from './get.ts';
import { listCommand } from './list.ts';
import { registerCommand } from './register.ts';
import { SchemaFileError } from './schema-file.ts';
import { typesCommand } from './types-command.ts';

const commands: readonly Command[] = [
  checkCommand,
  registerCommand,
  diffCommand,
  listCommand,
  getCommand,
  typesCommand,
  decodeCommand,
];

const HELP = `glue-schemas <command> [flags]

${commands.map(({ word, summary }) => `  ${word.padEnd(10)}${summary}`).join('\n')}

The registry comes from the environment: SCHEMA_REGISTRY (glue, the default, or confluent), REGISTRY_NAME,
AWS_REGION, GLUE_ASSUME_ROLE_ARN, SCHEMA_REGISTRY_URL, and what the AWS SDK reads.
\`glue-schemas <command> --help\` tells a command's flags.
Exit code: 0 well, 1 not (with the reasons), 2 wrong flags, 78 wrong environment.`;

/** The command `glue-schemas`: finds the subcommand, runs it, and answers the exit code. */
export async function schemasCommand(argv: string[], terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal;
  const [word, ...rest] = argv;
  if (word === undefined || ['--help', '-h', 'help'].includes(word)) {
    (word === undefined ? stderr : stdout).write(`${HELP}\n`);
    return word === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = commands.find((candidate) => candidate.word === word);
  if (command === undefined) {
    stderr.write(`glue-schemas: unknown command '${word}'; see \`glue-schemas --help\`\n`);
    return EXIT.usage;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    stdout.write(`${command.help}\n`);
    return EXIT.ok;
  }
  const name = `glue-schemas ${word}`;
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`${name}: ${error.message}; see \`${name} --help\`\n`);
      return EXIT.usage;
    }
    if (error instanceof ConfigError) {
      for (const { variable, problem } of error.faults)
        stderr.write(`${name}: ${variable} ${problem}\n`);
      return EXIT.config;
    }
    if (error instanceof SerdeError || error instanceof SchemaFileError) {
      stderr.write(`${name}: ${error.message}\n`);
      return EXIT.failed;
    }
    throw error;
  }
}
