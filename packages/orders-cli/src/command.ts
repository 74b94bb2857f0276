import type { Terminal as BaseTerminal, Subcommand } from '@order-stream/command-line';

export interface Terminal extends BaseTerminal {
  stdout: BaseTerminal['stdout'] & { isTTY?: boolean };
  /** Aborted by the first SIGTERM, SIGINT or SIGHUP: finish the requests in flight and end. */
  stop: AbortSignal;
}

export type Command = Subcommand<Terminal>;
