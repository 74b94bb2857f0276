import { confluentFrame } from './confluent-frame.ts';
import { glueFrame, inflateBody } from './glue-frame.ts';

/**
 * Creates a function that returns the body of a frame, inflated, or `undefined` for bytes that were not written with this schema
 * version. The body may be in memory that the next call overwrites.
 *
 * @param versionId the UUID of a Glue registry, or the id of a Confluent-compatible one in decimal
 * @throws DamagedFrameError the returned function, for a damaged compressed body
 */
export function createBodyReader(
  versionId: string,
  maxInflatedBytes = 32 * 1024 * 1024,
): (frame: Buffer) => Buffer | undefined {
  const kind = versionId.includes('-') ? glueFrame : confluentFrame;
  const { headerBytes } = kind;
  const schema = { dataFormat: 'AVRO', definition: '' } as const;
  const [plain, compressed] = (['none', 'zlib'] as const).map((compression) =>
    kind.compressions.includes(compression)
      ? kind.header(
          { ...schema, schemaVersionId: versionId, schemaId: Number(versionId) },
          compression,
        )
      : undefined,
  );
  const begins = (frame: Buffer, header: Buffer | undefined) =>
    header !== undefined &&
    frame.length >= headerBytes &&
    frame.compare(header, 0, headerBytes, 0, headerBytes) === 0;
  return (frame) => {
    if (begins(frame, plain)) return frame.subarray(headerBytes);
    return begins(frame, compressed) ? inflateBody(frame, maxInflatedBytes) : undefined;
  };
}
