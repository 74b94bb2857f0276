export type { Terminal } from './command.ts';
export { schemasCommand } from './schemas-command.ts';
export { type TypesFileOptions, typesFileOf } from './types-command.ts';
export { typescriptOfAvro } from './typescript-of-avro.ts';
