/** `JSON.parse`, with bigints for integers that a number would round. */
export function parseExactJson(text: string): unknown {
  const exact = (_key: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
      ? BigInt(source)
      : value;
  return JSON.parse(text, exact as never);
}
