import { InvalidSchemaError } from '../../errors.ts';
import { reservedFields } from '../declared-numbers.ts';
import type { Reserved } from '../proto-file.ts';
import { isMessageSet, maxMessageSetNumber } from '../source/message-set.ts';
import { maxNumber } from '../source/parse-reserved.ts';
import type { MessageSource, SourceFile } from '../source/source-file.ts';

type Range = readonly [number, number];

/** Rejects reserved numbers and numbers of extensions that are out of range, overlap each other or a field. */
export function checkRanges(
  fullName: string,
  message: MessageSource,
  syntax: SourceFile['syntax'],
): void {
  const { reserved, extensionRanges, fields } = message;
  checkReserved(fullName, reserved);
  const all = [...reserved.ranges, ...extensionRanges];
  if (all.some(([first]) => first < 1))
    throw new InvalidSchemaError(`${fullName}: expected ranges of numbers from 1`);
  if (extensionRanges.length === 0) return;
  if (syntax === 'proto3') {
    throw new InvalidSchemaError(`${fullName}: proto3 has no ranges of extensions`);
  }
  rejectOverlaps(fullName, all);
  const max = isMessageSet(message) ? maxMessageSetNumber : maxNumber;
  if (extensionRanges.some(([, last]) => last > max)) {
    throw new InvalidSchemaError(`${fullName}: expected extensions up to ${max}`);
  }
  for (const { name } of reservedFields(fields, { ranges: extensionRanges, names: [] })) {
    throw new InvalidSchemaError(`${fullName}.${name} has the number of an extension`);
  }
}

/** Rejects reserved ranges that end before they begin or overlap, and names that are reserved twice. */
export function checkReserved(fullName: string, { ranges, names }: Reserved): void {
  rejectOverlaps(fullName, ranges);
  const used = new Set<string>();
  for (const name of names) {
    if (used.has(name)) throw new InvalidSchemaError(`${fullName} reserves a name twice`);
    used.add(name);
  }
}

export function contains(ranges: readonly Range[], number: number): boolean {
  return ranges.some(([first, last]) => first <= number && number <= last);
}

function rejectOverlaps(fullName: string, ranges: readonly Range[]): void {
  let before = -Infinity;
  for (const [first, last] of ranges.toSorted(([left], [right]) => left - right)) {
    if (first > last) {
      throw new InvalidSchemaError(
        `${fullName}: the range ${first} to ${last} ends before it begins`,
      );
    }
    if (first <= before) {
      throw new InvalidSchemaError(
        `${fullName}: the range ${first} to ${last} overlaps another one`,
      );
    }
    before = last;
  }
}
