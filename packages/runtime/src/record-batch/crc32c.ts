// node:zlib has CRC-32 only; Kafka's record batches use CRC-32C (Castagnoli).
const tables = createTables();

/** CRC-32C (RFC 3720, B.4) as an unsigned 32-bit integer. */
export function crc32c(bytes: Uint8Array): number {
  const { length } = bytes;
  let crc = -1;
  let at = 0;
  // Eight bytes a step ("slicing by 8").
  for (; at + 8 <= length; at += 8) {
    crc ^= byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8);
    crc ^= (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24);
    crc =
      tableAt(1792 + (crc & 0xff)) ^
      tableAt(1536 + ((crc >>> 8) & 0xff)) ^
      tableAt(1280 + ((crc >>> 16) & 0xff)) ^
      tableAt(1024 + (crc >>> 24)) ^
      tableAt(768 + byteAt(bytes, at + 4)) ^
      tableAt(512 + byteAt(bytes, at + 5)) ^
      tableAt(256 + byteAt(bytes, at + 6)) ^
      tableAt(byteAt(bytes, at + 7));
  }
  for (; at < length; at += 1) crc = tableAt((crc ^ byteAt(bytes, at)) & 0xff) ^ (crc >>> 8);
  return ~crc >>> 0;
}

const byteAt = (bytes: Uint8Array, at: number) => bytes[at] as number;
const tableAt = (index: number) => tables[index] as number;

/** Entry `256 * zeros + byte` is the checksum of that byte and the zeros that follow it. */
function createTables(): Int32Array {
  const table = new Int32Array(8 * 256);
  for (let index = 0; index < table.length; index += 1) {
    let crc = index < 256 ? index : (table[index - 256] as number);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
    table[index] = crc;
  }
  return table;
}
