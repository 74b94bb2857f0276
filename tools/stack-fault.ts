/** Something the developer can put right: its message is the one line that says what to do. */
export class StackFault extends Error {
  override readonly name = 'StackFault';
}

/** For a command's entry point: one line for a fault the developer can mend, the stack for a defect of ours. */
export function reportAndExit(error: unknown): never {
  process.stderr.write(
    error instanceof StackFault
      ? `${error.message}\n`
      : `${error instanceof Error ? error.stack : error}\n`,
  );
  process.exit(1);
}
