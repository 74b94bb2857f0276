import type { Terminal as BaseTerminal, Subcommand } from '@order-stream/command-line';

/** The parts of a process that the command uses: `process` itself, or what a test passes. */
export interface Terminal extends BaseTerminal {
  stdin: AsyncIterable<Uint8Array>;
  /** Aborted when stdout accepts no more output. */
  stop: AbortSignal;
}

export type Command = Subcommand<Terminal>;
