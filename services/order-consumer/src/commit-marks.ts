/**
 * The marks of a partition's lanes as the metadata of its commit: `stdout=120 s3=100 dlq=120`. Kafka keeps the text with the
 * offset, so that the next owner of the partition knows where each sink stands.
 */
export function printMarks(marks: ReadonlyMap<string, bigint>): string {
  return [...marks].map(([lane, mark]) => `${lane}=${mark}`).join(' ');
}

/** Reads the marks of a commit. Other tools write other metadata: what is not a mark is ignored. */
export function parseMarks(metadata: string | null): Map<string, bigint> {
  const marks = new Map<string, bigint>();
  for (const [, lane, mark] of (metadata ?? '').matchAll(
    /(?:^|\s)([a-z][a-z0-9]*)=(\d{1,19})(?=\s|$)/g,
  ))
    marks.set(lane as string, BigInt(mark as string));
  return marks;
}
