import type { IHeaders } from 'kafkajs';

export interface OutgoingRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers?: IHeaders;
  /** Epoch milliseconds. */
  timestampMs: number;
}

/** The parts of a record that are not key, value or headers, at their largest. */
const recordOverheadBytes = 40;
const headerOverheadBytes = 10;

/** Size of a record in an uncompressed batch: an estimate that is never below the real size by much. */
export function recordBytes({ key, value, headers }: OutgoingRecord): number {
  let bytes = recordOverheadBytes + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) {
    const header = headers[name];
    if (Array.isArray(header)) for (const one of header) bytes += headerBytes(name, one);
    else bytes += headerBytes(name, header);
  }
  return bytes;
}

function headerBytes(name: string, value: Buffer | string | null | undefined): number {
  const valueBytes = typeof value === 'string' ? Buffer.byteLength(value) : (value?.length ?? 0);
  return headerOverheadBytes + name.length + valueBytes;
}
