export type { ProtobufFormatOptions } from './json-mapping.ts';
export { compileProtobuf, protobufFormat } from './protobuf.ts';
