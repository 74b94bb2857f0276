/**
 * The value of the span attribute `messaging.kafka.offset`. OpenTelemetry's semantic conventions make it an integer. Its JavaScript
 * API has integers up to 2^53 only, so a larger offset is its digits.
 */
export function offsetAttribute(offset: string | bigint): number | string {
  const value = Number(offset);
  return Number.isSafeInteger(value) ? value : String(offset);
}
