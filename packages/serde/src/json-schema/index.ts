export {
  checkJsonSchema,
  compileJsonSchema,
  type JsonSchemaFormatOptions,
  jsonSchemaFormat,
} from './json-schema.ts';
