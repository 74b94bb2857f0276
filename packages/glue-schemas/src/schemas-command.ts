import { type Program, runProgram } from '@order-stream/command-line';
import manifest from '../package.json' with { type: 'json' };
import { checkCommand } from './check.ts';
import type { Terminal } from './command.ts';
import { decodeCommand } from './decode.ts';
import { diffCommand } from './diff.ts';
import { getCommand } from './get.ts';
import { listCommand } from './list.ts';
import { registerCommand } from './register.ts';
import { typesCommand } from './types-command.ts';

const program: Program<Terminal> = {
  name: 'glue-schemas',
  version: manifest.version,
  commands: [
    checkCommand,
    registerCommand,
    diffCommand,
    listCommand,
    getCommand,
    typesCommand,
    decodeCommand,
  ],
  notes: `The registry comes from the environment: SCHEMA_REGISTRY (glue, the default, or confluent), REGISTRY_NAME,
AWS_REGION, GLUE_ASSUME_ROLE_ARN, SCHEMA_REGISTRY_URL, and the variables of the AWS SDK.
\`glue-schemas <command> --help\` lists a command's flags, \`glue-schemas --version\` prints the version.
Exit code: 0 success, 1 failure (with the reasons), 2 wrong flags, 78 wrong environment.`,
};

/** Runs the command `glue-schemas` and returns the exit code. */
export const schemasCommand = (argv: string[], terminal: Terminal): Promise<number> =>
  runProgram(program, argv, terminal);
