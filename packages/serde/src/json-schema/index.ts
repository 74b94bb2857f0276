export { type Draft, draftNamedIn } from './drafts.ts';
export {
  checkJsonSchema,
  compileJsonSchema,
  type JsonSchemaFormatOptions,
  jsonSchemaFormat,
} from './json-schema.ts';
