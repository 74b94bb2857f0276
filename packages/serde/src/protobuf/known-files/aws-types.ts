/*!
 * Copyright Amazon.com, Inc. or its affiliates. Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0
 */

/** By path, without comments. Written by tools/known-files.mjs. */
export const awsTypes: Readonly<Record<string, string>> = {
  'additionalTypes/decimal.proto': `
syntax = "proto3";
package additionalTypes;
option java_package = "additionalTypes";
option java_outer_classname = "Decimals";
message Decimal {
  int64 units = 1;
  int32 fraction = 2;
  uint32 precision = 3;
  int32 scale = 4;
}
`,
  'metadata/metadata.proto': `
syntax = "proto3";
package metadata;
import "google/protobuf/descriptor.proto";
option java_package = "metadata";
option java_outer_classname = "ProtobufSchemaMetadata";
extend google.protobuf.FieldOptions {
  string metadata_key = 50001;
  string metadata_value = 50002;
}
`,
};
