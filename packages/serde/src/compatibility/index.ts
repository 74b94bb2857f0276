export { InvalidAvroSchemaError } from '../avro/schema/model.ts';
export { JsonTextError } from '../json/json-text.ts';
export type { ImportOptions } from '../protobuf/parse-proto.ts';
export { type CompatibilityMode, compatibilityModes } from '../registry/compatibility-modes.ts';
export { allowedModes } from './allowed-modes.ts';
export { canonicalAvro } from './canonical-avro.ts';
export { canonicalJson } from './canonical-json.ts';
export { canonicalProtobuf } from './canonical-protobuf.ts';
export { checkAvroCompatibility } from './check-avro.ts';
export { checkCompatibility } from './check-compatibility.ts';
export type {
  Compatibility,
  CompatibilityQuestion,
  Incompatibility,
} from './check-history.ts';
export { checkJsonSchemaCompatibility } from './check-json-schema.ts';
export { checkProtobufCompatibility } from './check-protobuf.ts';
export { comparableJson } from './comparable-json.ts';
export { definitionJson } from './definition-json.ts';
export { definitionPlaces, type TextRange } from './definition-places.ts';
export { type Change, changesOf } from './json-changes.ts';
export { avroMeaningChanges, type MeaningChange } from './meaning-changes.ts';
export type { IncompatibilityType } from './reader-writer.ts';
