import { memberPointer } from './json-pointer.ts';

// Jackson's limit. Parsing digits takes quadratic time, so without a limit a hostile text blocks the process.
const maxNumberLength = 1000;

/**
 * As `JSON.parse`, but an integer that a number would round is a bigint. Numbers have at most 1000 digits.
 *
 * @throws SyntaxError not JSON, or a number beyond a double, such as 1e400, with its place in the message
 */
export function parseExactJson(text: string): unknown {
  let overflows = false;
  const exact = (_key: string, value: unknown, { source }: { source: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    if (source.length > maxNumberLength)
      throw new SyntaxError(`a number has more than ${maxNumberLength} characters`);
    if (/^-?\d+$/.test(source)) return BigInt(source);
    overflows ||= !Number.isFinite(value);
    return value;
  };
  const parsed = JSON.parse(text, exact as never);
  if (!overflows) return parsed;
  throw new SyntaxError(
    `the number at '${pointerOfInfinity(parsed, '')}' is beyond the range of a double`,
  );
}

/** Stands for the text itself in `JSON.stringify` (ES2026; TypeScript's library does not declare it yet). */
export const { rawJSON } = JSON as unknown as { rawJSON(text: string): object };

/**
 * Replacer for `JSON.stringify`: a bigint becomes its digits, unquoted. It takes the bigint from its holder, because
 * a `BigInt.prototype.toJSON`, which many programs set, has already made the `value` a string.
 */
export function exactMember(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const member = this[key];
  return typeof member === 'bigint' ? rawJSON(String(member)) : value;
}

/**
 * As `JSON.stringify`, but integers keep every digit, and as Kafka Connect prints them, bytes are base64, NaN and the
 * infinities strings.
 */
export function printExactJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, member) {
    const source = this[key];
    if (source instanceof Uint8Array) return Buffer.from(source).toString('base64');
    if (typeof source === 'number' && !Number.isFinite(source)) return String(source);
    return exactMember.call(this, key, member);
  });
}

function pointerOfInfinity(value: unknown, pointer: string): string | undefined {
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return pointer;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = pointerOfInfinity(member, memberPointer(pointer, key));
    if (found !== undefined) return found;
  }
  return undefined;
}
