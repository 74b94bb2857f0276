/** Turns values into the bodies of frames and back, by one schema. */
export interface Codec {
  /**
   * Writes the body of `value` into `target` at `offset`.
   *
   * @returns the offset after it; negative when `target` is too small, by how many bytes
   * @throws SchemaMismatchError
   */
  encode(value: unknown, target: Buffer, offset: number): number;

  /**
   * Reads the one value that fills `bytes` from `offset` on.
   *
   * @throws DamagedFrameError
   */
  decode(bytes: Buffer, offset: number): unknown;
}
