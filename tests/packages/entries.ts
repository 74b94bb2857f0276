/** Every entry of the packages, and a name that it exports. */
export const entries: Record<string, string> = {
  '@order-stream/serde': 'createDeserializer',
  '@order-stream/serde/glue': 'createGlueRegistry',
  '@order-stream/serde/confluent': 'createConfluentRegistry',
  '@order-stream/serde/registry': 'openRegistry',
  '@order-stream/serde/json-schema': 'jsonSchemaFormat',
  '@order-stream/serde/protobuf': 'protobufFormat',
  '@order-stream/serde/compatibility': 'checkAvroCompatibility',
  '@order-stream/serde/lambda': 'createKafkaHandler',
  '@order-stream/glue-schemas': 'schemasCommand',
  '@order-stream/glue-local': 'createGlueLocal',
};
