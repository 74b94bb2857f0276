import type { SchemaRegistry } from '../../registry/schema-registry.ts';
import { awsTypes } from './aws-types.ts';
import { confluentTypes } from './confluent-types.ts';
import { googleProtobuf } from './google-protobuf.ts';
import { googleType } from './google-type.ts';
import { wireExtensions } from './wire-extensions.ts';

// Files of `google/type` that only one of the two libraries knows.
const notInGlue = new Set(['google/type/datetime.proto', 'google/type/decimal.proto']);
const notInConfluent = new Set(['google/type/localized_text.proto']);

/**
 * The files that a definition may import without a reference: those that the Java library of the frame brings
 * along.
 *
 * Sources: awslabs/aws-glue-schema-registry 1.1.27, `ProtobufSchemaLoader.java`; confluentinc/schema-registry
 * 8.5.0, `ProtobufSchema.java`, `KNOWN_DEPENDENCIES`.
 */
const knownFiles: Record<SchemaRegistry['framing'], ReadonlyMap<string, string>> = {
  glue: new Map(
    Object.entries({ ...googleProtobuf, ...googleType, ...awsTypes, ...wireExtensions }).filter(
      ([path]) => !notInGlue.has(path),
    ),
  ),
  confluent: new Map(
    Object.entries({ ...googleProtobuf, ...googleType, ...confluentTypes }).filter(
      ([path]) => !notInConfluent.has(path),
    ),
  ),
};

/** The text of a file that the Java library of that frame brings along. */
export function knownFile(path: string, framing: SchemaRegistry['framing']): string | undefined {
  return knownFiles[framing].get(path);
}
