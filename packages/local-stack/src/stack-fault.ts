/** Something the developer can put right: its message is the one line that says what to do. */
export class StackFault extends Error {
  override readonly name = 'StackFault';
}

/** One line for a fault the developer can mend, the stack for a defect of ours. */
export function tell(error: unknown): void {
  const text = error instanceof StackFault ? error.message : (error as Error)?.stack;
  process.stderr.write(`${text ?? error}\n`);
}

export function reportAndExit(error: unknown): never {
  tell(error);
  process.exit(1);
}
