import { randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Fate, RecordContent } from '../history-event.ts';

const frameHeaderBytes = 18;
// Above the consumer's limit of an inflated body, 32 MiB.
const bombBytes = 40 * 1024 * 1024;

export interface PoisonClass {
  name: string;
  fate: Extract<Fate, 'dead-letter' | 'rejected-by-dynamodb' | 'rejected-by-s3'>;
  /** `content`: of a record that can be decoded. */
  make(frame: Buffer): { value: Buffer; content?: RecordContent };
}

let bomb: Buffer | undefined;
const header = (frame: Buffer, compression: number) =>
  Buffer.concat([Buffer.from([3, compression]), frame.subarray(2, frameHeaderBytes)]);

/** Each changes the frame of an order. */
const damages: Readonly<Record<string, (frame: Buffer) => Buffer>> = {
  'short frame': (frame) => frame.subarray(0, 10),
  'wrong magic': (frame) => Buffer.concat([Buffer.from([9]), frame.subarray(1)]),
  'unknown UUID': (frame) =>
    Buffer.concat([
      frame.subarray(0, 2),
      Buffer.from(randomUUID().replaceAll('-', ''), 'hex'),
      frame.subarray(frameHeaderBytes),
    ]),
  'bad ZLIB': (frame) => Buffer.concat([header(frame, 5), frame.subarray(frameHeaderBytes)]),
  'zip bomb'(frame) {
    bomb ??= deflateSync(Buffer.alloc(bombBytes));
    return Buffer.concat([header(frame, 5), bomb]);
  },
  // The body of a schema with one string, under the id of the order's schema.
  'schema mismatch': (frame) =>
    Buffer.concat([header(frame, 0), Buffer.from([12]), Buffer.from('poison')]),
};

/** Records that cannot be decoded. Tombstones and orders with 2^63 − 1 are not among them: sinks take them. */
export const undecodable: readonly PoisonClass[] = Object.entries(damages).map(
  ([name, damage]) => ({ name, fate: 'dead-letter', make: (frame) => ({ value: damage(frame) }) }),
);
