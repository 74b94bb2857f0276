export { compileProtobuf, type ProtobufFormatOptions, protobufFormat } from './protobuf.ts';
