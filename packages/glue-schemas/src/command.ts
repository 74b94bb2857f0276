import type { Terminal as BaseTerminal, Subcommand } from '@order-stream/command-line';

export interface Terminal extends BaseTerminal {
  stdin: AsyncIterable<Uint8Array>;
}

export type Command = Subcommand<Terminal>;
