import { type Program, runProgram } from '@order-stream/command-line';
import type { Terminal } from './command.ts';
import { produceCommand } from './produce.ts';
import { topicsCreateCommand } from './topics-create.ts';

const program: Program<Terminal> = {
  name: 'orders',
  commands: [topicsCreateCommand, produceCommand],
  notes: "`orders <command> --help` lists a command's flags.",
};

/** Runs the command `orders` and returns the exit code. */
export const ordersCommand = (argv: string[], terminal: Terminal): Promise<number> =>
  runProgram(program, argv, terminal);
