import { InvalidSchemaError } from '../errors.ts';
import { maxNumber } from './source/parse-reserved.ts';
import type { MessageSource } from './source/source-file.ts';

/** Rejects numbers of fields that are out of range, used twice or reserved, and reserved names. */
export function rejectNumbers(fullName: string, { fields, reserved }: MessageSource): void {
  const used = new Set<number>();
  const names = new Set(reserved.names);
  for (const { name, number } of fields) {
    rejectNumber(`${fullName}.${name}`, number);
    if (used.has(number))
      throw new InvalidSchemaError(`${fullName} has the number ${number} twice`);
    used.add(number);
    const isReserved = reserved.ranges.some(([first, last]) => number >= first && number <= last);
    if (isReserved || names.has(name)) {
      throw new InvalidSchemaError(`${fullName}.${name} has a reserved number or name`);
    }
  }
}

/** Rejects a field's number that is out of range. */
export function rejectNumber(fullName: string, number: number): void {
  if (number >= 1 && number <= maxNumber && (number < 19_000 || number > 19_999)) return;
  throw new InvalidSchemaError(
    `${fullName} has number ${number}; expected 1 to ${maxNumber}, without 19000 to 19999`,
  );
}
