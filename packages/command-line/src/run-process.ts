import { debuglog } from 'node:util';
import { exitCodes, type Terminal } from './run-command.ts';

const debug = debuglog('command-line');

interface ProcessOptions {
  /** Names the program in messages. */
  name: string;
  stderr: Terminal['stderr'];
  /** Called when stdout accepts no more output: a command without an end must end. */
  onOutputFault(): void;
}

/**
 * Runs a program as this process, and exits with its code. A reader of stdout that ends early, such as `head`, changes
 * neither the code nor stderr; any other fault of stdout is a failure. An error that the program does not expect is one
 * line on stderr with exit code 1; `NODE_DEBUG=command-line` prints its stack.
 */
export async function runProcess(
  { name, stderr, onOutputFault }: ProcessOptions,
  run: () => Promise<number>,
): Promise<never> {
  let outputFault: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error) => {
    outputFault = error;
    onOutputFault();
  });
  // A message that cannot be written is not a failure.
  process.stderr.on('error', () => {});
  let code: number;
  try {
    code = await run();
  } catch (error) {
    debug('%s', (error as Error).stack);
    const [message] = (error as Error).message.split('\n');
    stderr.write(`${name}: unexpected error: ${message}\n`);
    code = exitCodes.failed;
  }
  await new Promise((resolve) => process.stdout.write('', resolve));
  if (outputFault !== undefined && outputFault.code !== 'EPIPE') {
    stderr.write(`${name}: cannot write to standard output (${outputFault.code})\n`);
    code ||= exitCodes.failed;
  }
  // An abandoned connection attempt can keep the event loop busy after its deadline.
  process.exit(code);
}
