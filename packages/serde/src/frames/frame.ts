import type { RegisteredSchema } from '../registry/schema-registry.ts';

/** How the body of a frame is stored. */
export type Compression = 'none' | 'zlib';

/**
 * One kind of frame: the bytes before a body that name its schema version. `frame-kinds.ts` lists them.
 *
 * Every function but `header` is given bytes that begin with `firstByte`, and those after `compression`
 * only bytes that it has passed.
 */
export interface FrameKind {
  readonly firstByte: number;
  readonly headerBytes: number;
  readonly compressions: readonly Compression[];
  /** The header as bytes, to be copied in front of each body. */
  header(schema: RegisteredSchema, compression: Compression): Buffer;
  /**
   * How the body is stored.
   *
   * @throws DamagedFrameError `short-header`, `unknown-compression`
   */
  compression(bytes: Uint8Array): Compression;
  /** The id as the registry is asked for it. Off the hot path. */
  schemaId(bytes: Uint8Array): string;
  /** Keeps what belongs to a frame's schema version, found without making the text of its id. */
  createCache<T>(maxEntries: number): FrameCache<T>;
}

/** Bounded: what was not used for longest goes first. */
export interface FrameCache<T> {
  get(frame: Buffer): T | undefined;
  set(frame: Buffer, entry: T): void;
}
