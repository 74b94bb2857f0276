export { InvalidAvroSchemaError } from './avro-schema.ts';
export { canonicalAvro } from './canonical-avro.ts';
export { canonicalJson } from './canonical-json.ts';
export {
  type AvroCompatibility,
  type CompatibilityMode,
  checkAvroCompatibility,
  compatibilityModes,
  type Incompatibility,
} from './check-avro.ts';
export { JsonTextError } from './json-text.ts';
export type { IncompatibilityType } from './reader-writer.ts';
