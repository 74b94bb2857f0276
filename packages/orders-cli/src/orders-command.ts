import { type Program, runProgram } from '@order-stream/command-line';
import type { Terminal } from './command.ts';
import { connectApplyCommand } from './connect/apply.ts';
import { connectRestartCommand } from './connect/restart.ts';
import { connectStatusCommand } from './connect/status.ts';
import { dbChurnCommand } from './db/db-churn.ts';
import { dbEvolveCommand } from './db/db-evolve.ts';
import { dbRowsCommand } from './db/db-rows.ts';
import { dbSetupCommand } from './db/db-setup.ts';
import { dlqLsCommand } from './dlq-ls.ts';
import { dlqReplayCommand } from './dlq-replay.ts';
import { dlqShowCommand } from './dlq-show.ts';
import { lagCommand } from './lag.ts';
import { offsetsResetCommand } from './offsets-reset.ts';
import { offsetsShowCommand } from './offsets-show.ts';
import { produceCommand } from './produce.ts';
import { filesLsCommand } from './stores/files-ls.ts';
import { itemsGetCommand } from './stores/items-get.ts';
import { storesCreateCommand } from './stores/stores-create.ts';
import { tailCommand } from './tail.ts';
import { topicsCreateCommand } from './topics-create.ts';

const program: Program<Terminal> = {
  name: 'orders',
  commands: [
    topicsCreateCommand,
    produceCommand,
    tailCommand,
    dlqLsCommand,
    dlqShowCommand,
    dlqReplayCommand,
    offsetsShowCommand,
    offsetsResetCommand,
    lagCommand,
    connectApplyCommand,
    connectStatusCommand,
    connectRestartCommand,
    storesCreateCommand,
    filesLsCommand,
    itemsGetCommand,
    dbSetupCommand,
    dbEvolveCommand,
    dbChurnCommand,
    dbRowsCommand,
  ],
  notes: "`orders <command> --help` lists a command's flags.",
};

/** Runs the command `orders` and returns the exit code. */
export const ordersCommand = (argv: string[], terminal: Terminal): Promise<number> =>
  runProgram(program, argv, terminal);
