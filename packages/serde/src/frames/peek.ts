import { NotAFrameError } from '../errors.ts';
import { bufferView } from './buffer-view.ts';
import { type ConfluentHeader, confluentFrame, peekConfluent } from './confluent-frame.ts';
import { type GlueHeader, glueFrame, peekGlue } from './glue-frame.ts';

/** What a frame's header says; one kind of header for each kind of frame. */
export type FrameHeader = GlueHeader | ConfluentHeader;

/**
 * Reads the header of a framed value and nothing else: no registry, no decoding.
 *
 * @throws NotAFrameError | DamagedFrameError
 */
export function peek(value: Uint8Array): FrameHeader {
  const bytes = bufferView(value);
  if (bytes[0] === glueFrame.firstByte) return peekGlue(bytes);
  if (bytes[0] === confluentFrame.firstByte) return peekConfluent(bytes);
  throw new NotAFrameError(bytes[0]);
}
