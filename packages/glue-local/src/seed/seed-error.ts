/** A seed folder that cannot be used. The message has one line for each file at fault. */
export class SeedError extends Error {
  readonly code = 'seed-invalid';
  readonly retryable = false;
  readonly faults: readonly string[];

  /** @param faults each begins with the path of its file */
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'SeedError';
    this.faults = faults;
  }
}
