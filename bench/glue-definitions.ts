export const formats = ['AVRO', 'JSON', 'PROTOBUF'] as const;
export type Format = (typeof formats)[number];

const fields = 20;

/** The n-th version of a schema, from 1: 20 fields and one more, optional field for each version. */
export function definitionOf(format: Format, schema: number, version: number): string {
  const names = Array.from({ length: fields + version - 1 }, (_, index) => `field_${index}`);
  switch (format) {
    case 'AVRO':
      return JSON.stringify({
        type: 'record',
        name: `Record${schema}`,
        namespace: 'bench.v1',
        doc: `The record of schema ${schema}`,
        fields: names.map((name, index) =>
          index % 2 === 0
            ? { name, type: 'string', doc: `The text ${index}`, default: '' }
            : {
                name,
                type: ['null', { type: 'long', logicalType: 'timestamp-millis' }],
                default: null,
              },
        ),
      });
    case 'JSON':
      return JSON.stringify({
        $schema: 'http://json-schema.org/draft-07/schema#',
        title: `Record${schema}`,
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(
          names.map((name, index) => [name, { type: index % 2 === 0 ? 'string' : 'integer' }]),
        ),
      });
    case 'PROTOBUF': {
      const lines = names.map(
        (name, index) => `  ${index % 2 === 0 ? 'string' : 'int64'} ${name} = ${index + 1};`,
      );
      return `syntax = "proto3";\npackage bench.v1;\n\nmessage Record${schema} {\n${lines.join('\n')}\n}\n`;
    }
  }
}
