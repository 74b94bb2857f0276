import type { ScalarType } from '../scalars.ts';

const scalarTypes: ReadonlySet<string> = new Set<ScalarType>([
  ...(['double', 'float', 'bool', 'string', 'bytes'] as const),
  ...(['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32'] as const),
  ...(['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64'] as const),
]);

/** Whether a type is built in. A message with such a name can only be used by a longer name. */
export function isScalarType(type: string): type is ScalarType {
  return scalarTypes.has(type);
}
