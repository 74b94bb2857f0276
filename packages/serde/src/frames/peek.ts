import { NotAFrameError } from '../errors.ts';
import { bufferView } from './buffer-view.ts';
import { type ConfluentHeader, confluentFrame } from './confluent-frame.ts';
import { type GlueHeader, glueFrame } from './glue-frame.ts';

/** The header of a frame, by the kind of frame. */
export type FrameHeader = GlueHeader | ConfluentHeader;

/**
 * Reads only the header of a framed value: no registry, no decoding.
 *
 * @throws NotAFrameError | DamagedFrameError
 */
export function peek(value: Uint8Array): FrameHeader {
  const bytes = bufferView(value);
  const kind = [glueFrame, confluentFrame].find(({ firstByte }) => bytes[0] === firstByte);
  if (!kind) throw new NotAFrameError(bytes[0]);
  const compression = kind.compression(bytes);
  const id = kind.schemaId(bytes);
  if (kind === confluentFrame) return { frame: 'confluent', schemaId: Number(id) };
  return { frame: 'glue', compression, schemaVersionId: id };
}
