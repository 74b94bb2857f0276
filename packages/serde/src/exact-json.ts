/** As `JSON.parse`, but an integer that a number would round is a bigint. */
export function parseExactJson(text: string): unknown {
  const exact = (_key: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value;
  return JSON.parse(text, exact as never);
}
