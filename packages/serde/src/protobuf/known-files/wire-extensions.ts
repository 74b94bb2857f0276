/*!
 * Copyright 2019 Square Inc. Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0
 */

/** By path, without comments. Written by tools/known-files.mjs. */
export const wireExtensions: Readonly<Record<string, string>> = {
  'wire/extensions.proto': `
syntax = "proto2";
package wire;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions {
  optional string since = 1076;
  optional string until = 1077;
  optional bool use_array = 1185;
}
extend google.protobuf.EnumOptions {
  optional string enum_mode = 1190;
}
extend google.protobuf.EnumValueOptions {
  optional string constant_since = 1076;
  optional string constant_until = 1077;
}
extend google.protobuf.FileOptions {
  optional string wire_package = 1087;
}
`,
};
