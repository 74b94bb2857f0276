import type { FrameKind } from './frame.ts';
import { glueFrame } from './glue-frame.ts';
import type { SchemaRegistry } from './schema-registry.ts';

const frameKinds: Partial<Record<SchemaRegistry['framing'], FrameKind>> = {
  glue: glueFrame,
};

/** The kind of frame that carries this registry's ids. */
export function frameOf({ framing }: SchemaRegistry): FrameKind {
  const kind = frameKinds[framing];
  if (!kind) throw new TypeError(`no frame is known for framing ${framing}`);
  return kind;
}
