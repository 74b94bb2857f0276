/** JSON in which integers keep every digit, and bytes are base64 as Kafka Connect prints them. */
export function exactJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, exactMember, indent);
}

// `this` is the holder: by the time of the call a Buffer has already turned itself into an object.
function exactMember(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const held = this[key];
  if (held instanceof Uint8Array) return Buffer.from(held).toString('base64');
  if (typeof value !== 'bigint') return value;
  return (JSON as unknown as { rawJSON(text: string): object }).rawJSON(String(value));
}
