/**
 * Where the message indexes at the start of a Protobuf body in Confluent's frame end: a count and that many indexes, each a
 * zigzag varint; the byte 0 alone is the first message.
 */
export function messageIndexesEnd(body: Uint8Array): number {
  let end = 0;
  const skipVarint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = body[end] as number;
      end += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 1;
    }
  };
  const count = skipVarint();
  for (let i = 0; i < count; i += 1) skipVarint();
  return end;
}
