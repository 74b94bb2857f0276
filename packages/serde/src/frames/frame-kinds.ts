import type { SchemaRegistry } from '../registry/schema-registry.ts';
import { confluentFrame } from './confluent-frame.ts';
import type { FrameKind } from './frame.ts';
import { glueFrame } from './glue-frame.ts';

const frameKinds: Record<SchemaRegistry['framing'], FrameKind> = {
  glue: glueFrame,
  confluent: confluentFrame,
};

/** The kind of frame that contains the ids of this registry. */
export function frameOf({ framing }: SchemaRegistry): FrameKind {
  return frameKinds[framing];
}
