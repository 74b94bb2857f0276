/** Three definitions of each format: the second is compatible with the first under BACKWARD, the third is not. */
export interface SchemaHistory {
  first: string;
  compatible: string;
  incompatible: string;
}

const person = (...fields: object[]) =>
  JSON.stringify({
    type: 'record',
    name: 'Value',
    namespace: 'fullfillment.test_db.person',
    fields: [{ name: 'id', type: 'int' }, ...fields],
  });

const closedObject = (properties: object, ...required: string[]) =>
  JSON.stringify({
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { id: { type: 'integer' }, ...properties },
    required: ['id', ...required],
    additionalProperties: false,
  });

const message = (...fields: string[]) =>
  `syntax = "proto2";\npackage person.v1;\nmessage Person {\n  required int32 id = 1;\n${fields
    .map((field) => `  ${field}\n`)
    .join('')}}\n`;

export const histories = {
  AVRO: {
    first: person(),
    compatible: person({ name: 'name', type: ['null', 'string'], default: null }),
    incompatible: person({ name: 'name', type: 'string' }),
  },
  JSON: {
    first: closedObject({}),
    compatible: closedObject({ name: { type: 'string' } }),
    incompatible: closedObject({ name: { type: 'string' } }, 'name'),
  },
  PROTOBUF: {
    first: message(),
    compatible: message('optional string name = 2;'),
    incompatible: message('required string name = 2;'),
  },
} satisfies Record<string, SchemaHistory>;
