/** A fault that the developer can correct. Its message is one line that says what to do. */
export class StackFault extends Error {
  override readonly name = 'StackFault';
}

/** Prints the message of a `StackFault`, or the stack of any other error. */
export function printError(error: unknown): void {
  const text = error instanceof StackFault ? error.message : (error as Error)?.stack;
  process.stderr.write(`${text ?? error}\n`);
}

export function reportAndExit(error: unknown): never {
  printError(error);
  process.exit(1);
}
