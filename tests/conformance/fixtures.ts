import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { Compression } from '@order-stream/serde';

/** A record that Java 1.1.27 wrote. packages/serde/vectors/glue-wire/README.md explains the members. */
export interface Fixture {
  id: string;
  tags: string[];
  schema: string;
  compression: Compression;
  value: string;
  wire: string;
  python: { decodes: boolean; sameBody: boolean };
}

export interface ProtobufFixture extends Fixture {
  message: string;
  canonicalValue: string;
}

/** The values of `invalid` are JSON that the Java serializer rejects. */
export function fixturesOf(name: 'avro' | 'json' | 'invalid'): Fixture[];
export function fixturesOf(name: 'protobuf'): ProtobufFixture[];
export function fixturesOf(name: string) {
  const file = new URL(`../../packages/serde/vectors/glue-wire/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).cases;
}

/** The inflated body after the header. Compressed bytes differ between zlib implementations. */
export function bodyOf(frame: Buffer): Buffer {
  return frame[1] === 5 ? inflateSync(frame.subarray(18)) : frame.subarray(18);
}
