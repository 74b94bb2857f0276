import type { RegisteredSchema } from '../registry/schema-registry.ts';

/** The compression of a body. */
export type Compression = 'none' | 'zlib';

/**
 * One kind of frame: the bytes before a body that identify its schema version. `frame-kinds.ts` lists them.
 *
 * Every function except `header` is called with bytes that begin with `firstByte`, and the functions after
 * `compression` only with bytes that `compression` has accepted.
 */
export interface FrameKind {
  readonly firstByte: number;
  readonly headerBytes: number;
  readonly compressions: readonly Compression[];
  /** The header as bytes, to be copied before each body. */
  header(schema: RegisteredSchema, compression: Compression): Buffer;
  /**
   * The compression of the body.
   *
   * @throws DamagedFrameError `short-header`, `unknown-compression`
   */
  compression(bytes: Uint8Array): Compression;
  /** The id in the form that the registry expects. Not on the hot path. */
  schemaId(bytes: Uint8Array): string;
  /** A cache by a frame's schema version, which does not convert the id to text. */
  createCache<T>(maxEntries: number): FrameCache<T>;
}

/** A bounded cache: the least recently used entry goes first. */
export interface FrameCache<T> {
  get(frame: Buffer): T | undefined;
  set(frame: Buffer, entry: T): void;
}
