import type { LoadedFile } from '../names/loaded-files.ts';
import type { EnumSource, OptionLiteral } from '../source/source-file.ts';
import { type Notation, scalarProblem } from './check-scalar.ts';

/**
 * Compares a value with an enum, which the file declares. Returns the sentence that says what was expected, or undefined
 * if the value is valid.
 */
export function enumProblem(
  { name, values }: EnumSource,
  file: LoadedFile,
  value: OptionLiteral,
  notation: Notation,
): string | undefined {
  const isKnown =
    value.kind === 'identifier'
      ? values.some(({ name }) => name === value.text) || isLaterEdition(name, file, value.text)
      : value.kind === 'integer' &&
        notation === 'text' &&
        scalarProblem('int32', value, notation) === undefined &&
        (file.source.syntax === 'proto3' ||
          values.some(({ number }) => BigInt(number) === value.value) ||
          isLaterEdition(name, file, value.value));
  return isKnown ? undefined : `expected a value of the enum ${name}`;
}

// EDITION_LEGACY, EDITION_2024, EDITION_2026, EDITION_UNSTABLE and EDITION_MAX of protoc 35.
const laterEditions: ReadonlySet<bigint> = new Set([900n, 1001n, 1002n, 9999n, 2_147_483_647n]);

/** Releases of protoc that are newer than the known file of options have more editions. */
function isLaterEdition(enumName: string, { source }: LoadedFile, value: string | bigint): boolean {
  if (enumName !== 'Edition' || source.packageName !== 'google.protobuf') return false;
  if (typeof value === 'bigint') return laterEditions.has(value);
  return /^EDITION_(?:[0-9]+\w*|LEGACY|UNSTABLE|MAX)$/.test(value);
}
