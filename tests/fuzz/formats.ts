import { avroFormat } from './avro/avro-format.ts';
import type { FormatName, FuzzFormat } from './fuzz-format.ts';
import { jsonFormat } from './json/json-format.ts';
import { jsonVerdictFormat } from './json-verdict/json-verdict-format.ts';
import { protobufFormat } from './protobuf/protobuf-format.ts';

export const fuzzFormats: Record<FormatName, FuzzFormat> = {
  avro: avroFormat as FuzzFormat,
  json: jsonFormat as FuzzFormat,
  'json-verdict': jsonVerdictFormat as FuzzFormat,
  protobuf: protobufFormat as FuzzFormat,
};
