import { NotAFrameError } from '../errors.ts';
import { bufferView } from './buffer-view.ts';
import { type ConfluentHeader, confluentFrame, peekConfluent } from './confluent-frame.ts';
import { type GlueHeader, glueFrame, peekGlue } from './glue-frame.ts';

/** The header of a frame, by the kind of frame. */
export type FrameHeader = GlueHeader | ConfluentHeader;

/**
 * Reads only the header of a framed value: no registry, no decoding.
 *
 * @throws NotAFrameError | DamagedFrameError
 */
export function peek(value: Uint8Array): FrameHeader {
  const bytes = bufferView(value);
  if (bytes[0] === glueFrame.firstByte) return peekGlue(bytes);
  if (bytes[0] === confluentFrame.firstByte) return peekConfluent(bytes);
  throw new NotAFrameError(bytes[0]);
}
