import { ConfigError } from '@order-stream/runtime';
import { type Command, EXIT, type Terminal, UsageError } from './command-line.ts';
import { produceCommand } from './produce.ts';
import { topicsCreateCommand } from './topics-create.ts';

const commands: readonly Command[] = [topicsCreateCommand, produceCommand];

const HELP = `orders <command> [flags]

${commands.map(({ words, summary }) => `  ${words.join(' ').padEnd(16)}${summary}`).join('\n')}

\`orders <command> --help\` tells a command's flags.`;

/** The command `orders`: finds the subcommand, runs it, and answers the exit code. */
export async function ordersCommand(argv: string[], terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal;
  if (argv.length === 0 || argv[0] === '--help' || argv[0] === '-h' || argv[0] === 'help') {
    (argv.length === 0 ? stderr : stdout).write(`${HELP}\n`);
    return argv.length === 0 ? EXIT.usage : EXIT.ok;
  }
  const command = commands.find(({ words }) => words.every((word, at) => argv[at] === word));
  if (command === undefined) {
    const typed = argv.filter((word) => !word.startsWith('-')).join(' ');
    stderr.write(`orders: unknown command '${typed || argv[0]}'; see \`orders --help\`\n`);
    return EXIT.usage;
  }
  const flags = argv.slice(command.words.length);
  if (flags.includes('--help') || flags.includes('-h')) {
    stdout.write(`${command.help}\n`);
    return EXIT.ok;
  }
  const name = `orders ${command.words.join(' ')}`;
  try {
    return await command.run(flags, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`${name}: ${error.message}; see \`${name} --help\`\n`);
      return EXIT.usage;
    }
    if (error instanceof ConfigError) {
      for (const { variable, problem } of error.faults) {
        stderr.write(`${name}: ${variable} ${problem}\n`);
      }
      return EXIT.config;
    }
    throw error;
  }
}
