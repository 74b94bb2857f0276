import { UsageError } from '@order-stream/command-line';

const place = /^(\d{1,9})@(\d{1,19})$/;

/** A place of a dead-letter topic, `3@41`. @throws UsageError */
export function placeFrom(text: string): { partition: number; offset: bigint } {
  const [, partition, offset] = place.exec(text) ?? [];
  if (partition === undefined || offset === undefined)
    throw new UsageError(`expected a place of the dead-letter topic, such as 3@41, got '${text}'`);
  return { partition: Number(partition), offset: BigInt(offset) };
}

/** `0@41,3@17` as partition → offset. @throws UsageError */
export function positionsFrom(text: string): Map<number, bigint> {
  const positions = new Map<number, bigint>();
  for (const one of text.split(',')) {
    const { partition, offset } = placeFrom(one);
    if (positions.has(partition))
      throw new UsageError(`--from-offset: partition ${partition} occurs twice`);
    positions.set(partition, offset);
  }
  return positions;
}

/** The text of `--from-offset`. */
export function positionsText(positions: ReadonlyMap<number, bigint>): string {
  return [...positions]
    .sort(([one], [other]) => one - other)
    .map(([partition, offset]) => `${partition}@${offset}`)
    .join(',');
}
