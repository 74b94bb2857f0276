// Jackson's own limit. Without one, the digits of a hostile text take time by their square.
const maxNumberLength = 1000;

/** As `JSON.parse`, but an integer that a number would round is a bigint; of 1000 digits at most. */
export function parseExactJson(text: string): unknown {
  const exact = (_key: string, value: unknown, { source }: { source: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    if (source.length > maxNumberLength) throw new SyntaxError('a number is too long');
    return /^-?\d+$/.test(source) ? BigInt(source) : value;
  };
  return JSON.parse(text, exact as never);
}
