// The requests of the Glue Schema Registry, with their limits: the input shapes of 23 operations of the service model
// 2017-03-31, without their texts and with `long` as `integer`. Source: botocore 1.44.8, botocore/data/glue/2017-03-31/service-2.json,
// https://github.com/boto/botocore, Copyright Amazon.com, Inc. or its affiliates, Apache License 2.0.
// `tests/glue-clients` compares this file with botocore.

export type ShapeName = keyof typeof shapes;
export type Shape = StructureShape | TextShape | IntegerShape | BooleanShape | ListShape | MapShape;

/** Members are names of shapes. */
export interface StructureShape {
  type: 'structure';
  required: readonly string[];
  members: Readonly<Record<string, string>>;
}

/** Lengths are in characters. A pattern is a Java regular expression that the whole text must match. */
export interface TextShape {
  type: 'string';
  min?: number;
  max?: number;
  pattern?: string;
  enum?: readonly string[];
}

export interface IntegerShape {
  type: 'integer';
  min?: number;
  max?: number;
}

export interface BooleanShape {
  type: 'boolean';
}

export interface ListShape {
  type: 'list';
  member: string;
  min?: number;
  max?: number;
}

export interface MapShape {
  type: 'map';
  key: string;
  value: string;
  min?: number;
  max?: number;
}

/** The input of each operation, by its name. */
export const operations = {
  CreateRegistry: {
    type: 'structure',
    required: ['RegistryName'],
    members: {
      RegistryName: 'SchemaRegistryNameString',
      Description: 'DescriptionString',
      Tags: 'TagsMap',
    },
  },
  GetRegistry: {
    type: 'structure',
    required: ['RegistryId'],
    members: { RegistryId: 'RegistryId' },
  },
  ListRegistries: {
    type: 'structure',
    required: [],
    members: { MaxResults: 'MaxResultsNumber', NextToken: 'SchemaRegistryTokenString' },
  },
  UpdateRegistry: {
    type: 'structure',
    required: ['RegistryId', 'Description'],
    members: { RegistryId: 'RegistryId', Description: 'DescriptionString' },
  },
  DeleteRegistry: {
    type: 'structure',
    required: ['RegistryId'],
    members: { RegistryId: 'RegistryId' },
  },
  CreateSchema: {
    type: 'structure',
    required: ['SchemaName', 'DataFormat'],
    members: {
      RegistryId: 'RegistryId',
      SchemaName: 'SchemaRegistryNameString',
      DataFormat: 'DataFormat',
      Compatibility: 'Compatibility',
      Description: 'DescriptionString',
      Tags: 'TagsMap',
      SchemaDefinition: 'SchemaDefinitionString',
    },
  },
  GetSchema: { type: 'structure', required: ['SchemaId'], members: { SchemaId: 'SchemaId' } },
  ListSchemas: {
    type: 'structure',
    required: [],
    members: {
      RegistryId: 'RegistryId',
      MaxResults: 'MaxResultsNumber',
      NextToken: 'SchemaRegistryTokenString',
    },
  },
  UpdateSchema: {
    type: 'structure',
    required: ['SchemaId'],
    members: {
      SchemaId: 'SchemaId',
      SchemaVersionNumber: 'SchemaVersionNumber',
      Compatibility: 'Compatibility',
      Description: 'DescriptionString',
    },
  },
  DeleteSchema: { type: 'structure', required: ['SchemaId'], members: { SchemaId: 'SchemaId' } },
  RegisterSchemaVersion: {
    type: 'structure',
    required: ['SchemaId', 'SchemaDefinition'],
    members: { SchemaId: 'SchemaId', SchemaDefinition: 'SchemaDefinitionString' },
  },
  GetSchemaVersion: {
    type: 'structure',
    required: [],
    members: {
      SchemaId: 'SchemaId',
      SchemaVersionId: 'SchemaVersionIdString',
      SchemaVersionNumber: 'SchemaVersionNumber',
    },
  },
  GetSchemaByDefinition: {
    type: 'structure',
    required: ['SchemaId', 'SchemaDefinition'],
    members: { SchemaId: 'SchemaId', SchemaDefinition: 'SchemaDefinitionString' },
  },
  ListSchemaVersions: {
    type: 'structure',
    required: ['SchemaId'],
    members: {
      SchemaId: 'SchemaId',
      MaxResults: 'MaxResultsNumber',
      NextToken: 'SchemaRegistryTokenString',
    },
  },
  DeleteSchemaVersions: {
    type: 'structure',
    required: ['SchemaId', 'Versions'],
    members: { SchemaId: 'SchemaId', Versions: 'VersionsString' },
  },
  CheckSchemaVersionValidity: {
    type: 'structure',
    required: ['DataFormat', 'SchemaDefinition'],
    members: { DataFormat: 'DataFormat', SchemaDefinition: 'SchemaDefinitionString' },
  },
  GetSchemaVersionsDiff: {
    type: 'structure',
    required: [
      'SchemaId',
      'FirstSchemaVersionNumber',
      'SecondSchemaVersionNumber',
      'SchemaDiffType',
    ],
    members: {
      SchemaId: 'SchemaId',
      FirstSchemaVersionNumber: 'SchemaVersionNumber',
      SecondSchemaVersionNumber: 'SchemaVersionNumber',
      SchemaDiffType: 'SchemaDiffType',
    },
  },
  PutSchemaVersionMetadata: {
    type: 'structure',
    required: ['MetadataKeyValue'],
    members: {
      SchemaId: 'SchemaId',
      SchemaVersionNumber: 'SchemaVersionNumber',
      SchemaVersionId: 'SchemaVersionIdString',
      MetadataKeyValue: 'MetadataKeyValuePair',
    },
  },
  QuerySchemaVersionMetadata: {
    type: 'structure',
    required: [],
    members: {
      SchemaId: 'SchemaId',
      SchemaVersionNumber: 'SchemaVersionNumber',
      SchemaVersionId: 'SchemaVersionIdString',
      MetadataList: 'MetadataList',
      MaxResults: 'QuerySchemaVersionMetadataMaxResults',
      NextToken: 'SchemaRegistryTokenString',
    },
  },
  RemoveSchemaVersionMetadata: {
    type: 'structure',
    required: ['MetadataKeyValue'],
    members: {
      SchemaId: 'SchemaId',
      SchemaVersionNumber: 'SchemaVersionNumber',
      SchemaVersionId: 'SchemaVersionIdString',
      MetadataKeyValue: 'MetadataKeyValuePair',
    },
  },
  GetTags: {
    type: 'structure',
    required: ['ResourceArn'],
    members: { ResourceArn: 'GlueResourceArn' },
  },
  TagResource: {
    type: 'structure',
    required: ['ResourceArn', 'TagsToAdd'],
    members: { ResourceArn: 'GlueResourceArn', TagsToAdd: 'TagsMap' },
  },
  UntagResource: {
    type: 'structure',
    required: ['ResourceArn', 'TagsToRemove'],
    members: { ResourceArn: 'GlueResourceArn', TagsToRemove: 'TagKeysList' },
  },
} as const satisfies Record<string, StructureShape>;

/** The shapes that inputs refer to, by their names in the service model. */
export const shapes = {
  SchemaRegistryNameString: { type: 'string', max: 255, min: 1, pattern: '[a-zA-Z0-9-_$#.]+' },
  DescriptionString: {
    type: 'string',
    max: 2048,
    min: 0,
    pattern: '[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*',
  },
  TagsMap: { type: 'map', max: 50, min: 0, key: 'TagKey', value: 'TagValue' },
  TagKey: { type: 'string', max: 128, min: 1 },
  TagValue: { type: 'string', max: 256, min: 0 },
  RegistryId: {
    type: 'structure',
    required: [],
    members: { RegistryName: 'SchemaRegistryNameString', RegistryArn: 'GlueResourceArn' },
  },
  GlueResourceArn: {
    type: 'string',
    max: 10240,
    min: 1,
    pattern: 'arn:aws(-(cn|us-gov|iso(-[bef])?))?:glue:.*',
  },
  MaxResultsNumber: { type: 'integer', max: 100, min: 1 },
  SchemaRegistryTokenString: { type: 'string' },
  DataFormat: { type: 'string', enum: ['AVRO', 'JSON', 'PROTOBUF'] },
  Compatibility: {
    type: 'string',
    enum: [
      'NONE',
      'DISABLED',
      'BACKWARD',
      'BACKWARD_ALL',
      'FORWARD',
      'FORWARD_ALL',
      'FULL',
      'FULL_ALL',
    ],
  },
  SchemaDefinitionString: { type: 'string', max: 170000, min: 1, pattern: '.*\\S.*' },
  SchemaId: {
    type: 'structure',
    required: [],
    members: {
      SchemaArn: 'GlueResourceArn',
      SchemaName: 'SchemaRegistryNameString',
      RegistryName: 'SchemaRegistryNameString',
    },
  },
  SchemaVersionNumber: {
    type: 'structure',
    required: [],
    members: { LatestVersion: 'LatestSchemaVersionBoolean', VersionNumber: 'VersionLongNumber' },
  },
  LatestSchemaVersionBoolean: { type: 'boolean' },
  VersionLongNumber: { type: 'integer', max: 100000, min: 1 },
  SchemaVersionIdString: {
    type: 'string',
    max: 36,
    min: 36,
    pattern: '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}',
  },
  VersionsString: {
    type: 'string',
    max: 100000,
    min: 1,
    pattern: '[1-9][0-9]*|[1-9][0-9]*-[1-9][0-9]*',
  },
  SchemaDiffType: { type: 'string', enum: ['SYNTAX_DIFF'] },
  MetadataKeyValuePair: {
    type: 'structure',
    required: [],
    members: { MetadataKey: 'MetadataKeyString', MetadataValue: 'MetadataValueString' },
  },
  MetadataKeyString: { type: 'string', max: 128, min: 1, pattern: '[a-zA-Z0-9+-=._./@]+' },
  MetadataValueString: { type: 'string', max: 256, min: 1, pattern: '[a-zA-Z0-9+-=._./@]+' },
  MetadataList: { type: 'list', member: 'MetadataKeyValuePair' },
  QuerySchemaVersionMetadataMaxResults: { type: 'integer', max: 50, min: 1 },
  TagKeysList: { type: 'list', max: 50, min: 0, member: 'TagKey' },
} as const satisfies Record<string, Shape>;
