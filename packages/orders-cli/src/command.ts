import type { Terminal as BaseTerminal, Subcommand } from '@order-stream/command-line';

/** What a question on the terminal needs of stdin. */
export type TerminalInput = Pick<
  NodeJS.ReadStream,
  'isTTY' | 'setRawMode' | 'on' | 'off' | 'pause' | 'resume' | 'unshift'
>;

export interface Terminal extends BaseTerminal {
  stdout: BaseTerminal['stdout'] & { isTTY?: boolean };
  /** Absent: no command can ask a question. */
  readonly stdin?: TerminalInput;
  /** Aborted by the first SIGTERM, SIGINT or SIGHUP: finish the requests in flight and end. */
  stop: AbortSignal;
}

export type Command = Subcommand<Terminal>;
