import { readFileSync } from 'node:fs';
import type { DecodedRecord } from '../decoded-record.ts';

type Hex = string | null;
interface JavaBatch {
  title: string;
  batch: string;
  records: {
    offset: string;
    timestamp: string;
    key: Hex;
    value: Hex;
    headers: [string, Hex][];
  }[];
}

const file = new URL('../../../vectors/record-batches.json', import.meta.url);

/** Batches that Kafka's own classes encoded, and the records that they read from them. */
export const javaBatches = JSON.parse(readFileSync(file, 'utf8')) as JavaBatch[];

export function javaBatch(title: string): JavaBatch & { bytes: Buffer } {
  const found = javaBatches.find((one) => one.title === title);
  if (!found) throw new Error(`no batch is titled ${title}`);
  return { ...found, bytes: Buffer.from(found.batch, 'hex') };
}

const hexOf = (bytes: unknown): Hex =>
  bytes === null ? null : Buffer.from(bytes as Buffer).toString('hex');

/** A decoded record in the form of the file. */
export function asInFile(record: DecodedRecord): JavaBatch['records'][number] {
  const { offset, timestamp, key, value, headers } = record;
  return {
    offset,
    timestamp,
    key: hexOf(key),
    value: hexOf(value),
    headers: Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().map((one): [string, Hex] => [name, hexOf(one)]),
    ),
  };
}
