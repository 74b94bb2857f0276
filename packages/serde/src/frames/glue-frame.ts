import { deflateSync } from 'node:zlib';
import { DamagedFrameError, InvalidSchemaError } from '../errors.ts';
import type { Compression, FrameKind } from './frame.ts';
import { inflate } from './inflate.ts';
import { createVersionCache } from './version-cache.ts';

/**
 * The frame of AWS's own Glue Schema Registry libraries. It contains the schema version id; the
 * definition is never part of the record.
 *
 *   offset  bytes  value
 *        0      1  header version, always 3
 *        1      1  compression of the body: 0 none, 5 zlib (RFC 1950)
 *        2     16  schema version id, the UUID's bytes in text order
 *       18         body, or the zlib stream of the body
 *
 * Source: awslabs/aws-glue-schema-registry, `AWSSchemaRegistryConstants.java`.
 */
export const headerBytes = 18;

const headerVersion = 3;
const idOffset = 2;
const compressionBytes = { none: 0, zlib: 5 } as const;

/** The content of a Glue header. */
export interface GlueHeader {
  readonly frame: 'glue';
  readonly compression: Compression;
  readonly schemaVersionId: string;
}

export const glueFrame: FrameKind = {
  firstByte: headerVersion,
  headerBytes,
  compressions: ['none', 'zlib'],
  header: ({ schemaVersionId = '' }, compression) => glueHeader(schemaVersionId, compression),
  compression(bytes) {
    if (bytes.length < headerBytes) throw new DamagedFrameError('short-header');
    if (bytes[1] === compressionBytes.none) return 'none';
    if (bytes[1] === compressionBytes.zlib) return 'zlib';
    throw new DamagedFrameError('unknown-compression', glueSchemaVersionId(bytes));
  },
  schemaId: glueSchemaVersionId,
  createCache: createVersionCache,
};

/**
 * The header as bytes, to be copied before each body.
 *
 * @throws InvalidSchemaError the id is not a UUID
 */
export function glueHeader(schemaVersionId: string, compression: Compression): Buffer {
  const id = Buffer.from(schemaVersionId.replaceAll('-', ''), 'hex');
  if (id.length !== headerBytes - idOffset) {
    throw new InvalidSchemaError('the schema version id is not a UUID', schemaVersionId);
  }
  return Buffer.from([headerVersion, compressionBytes[compression], ...id]);
}

/** The schema version id of a frame as UUID text. Not on the hot path: see `version-cache.ts`. */
function glueSchemaVersionId(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(idOffset, headerBytes)).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The zlib stream of a body, or `undefined` if the stream is not smaller. */
export function deflateBody(body: Uint8Array): Buffer | undefined {
  const deflated = deflateSync(body);
  return deflated.length < body.length ? deflated : undefined;
}

/**
 * The body of a frame with compression zlib, in memory that the next call may overwrite.
 *
 * @param maxInflatedBytes limit of the body; above 1 MiB a body may also be at most 100 times its stream
 * @throws DamagedFrameError `bad-zlib` (cut, altered or not zlib), `inflates-too-far`, `trailing-bytes`: Java
 *   ignores bytes after the stream; no correct writer writes them, so they are damage here
 */
export function inflateBody(bytes: Uint8Array, maxInflatedBytes: number): Buffer {
  const body = inflate(bytes, headerBytes, maxInflatedBytes);
  if (typeof body === 'string') throw new DamagedFrameError(body, glueSchemaVersionId(bytes));
  return body;
}
