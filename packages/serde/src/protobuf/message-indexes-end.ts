/**
 * Where the message indexes at the start of bytes end, as Confluent's serializers write them: a count and that many
 * indexes, each a zigzag varint; the byte 0 alone is the first message. `undefined` if the bytes end before the indexes.
 */
export function messageIndexesEnd(bytes: Uint8Array): number | undefined {
  let end = 0;
  const readVarint = (): number | undefined => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[end];
      if (byte === undefined) return undefined;
      end += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 1;
    }
  };
  const count = readVarint();
  if (count === undefined) return undefined;
  for (let i = 0; i < count; i += 1) if (readVarint() === undefined) return undefined;
  return end;
}
