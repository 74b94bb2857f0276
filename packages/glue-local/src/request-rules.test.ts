import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { operations, type Shape, type ShapeName, shapes } from './service-model.ts';
import { openRegistry } from './testing/open-registry.ts';
import { orderSchema } from './testing/start-registry.ts';

const RegistryId = { RegistryName: 'r' };
const SchemaId = { RegistryName: 'r', SchemaName: 's' };
const first = { VersionNumber: 1 };
const pair = { MetadataKey: 'k', MetadataValue: 'v' };
const ResourceArn = 'arn:aws:glue:us-east-1:000000000000:schema/r/s';
const SchemaDefinition = orderSchema();

/** For each operation a request that is accepted, with as many members as can be given together. */
const requests: Record<keyof typeof operations, Record<string, unknown>> = {
  CreateRegistry: { RegistryName: 'q', Description: 'd', Tags: { a: 'b' } },
  GetRegistry: { RegistryId },
  ListRegistries: { MaxResults: 5 },
  UpdateRegistry: { RegistryId, Description: 'd' },
  DeleteRegistry: { RegistryId: { RegistryName: 'other' } },
  CreateSchema: {
    ...{ RegistryId, SchemaName: 't', DataFormat: 'AVRO', Compatibility: 'FULL', SchemaDefinition },
    ...{ Description: 'd', Tags: { a: 'b' } },
  },
  GetSchema: { SchemaId },
  ListSchemas: { RegistryId, MaxResults: 5 },
  UpdateSchema: { SchemaId, SchemaVersionNumber: first, Compatibility: 'FULL', Description: 'd' },
  DeleteSchema: { SchemaId: { RegistryName: 'r', SchemaName: 'other' } },
  RegisterSchemaVersion: { SchemaId, SchemaDefinition },
  GetSchemaVersion: { SchemaId, SchemaVersionNumber: first },
  GetSchemaByDefinition: { SchemaId, SchemaDefinition },
  ListSchemaVersions: { SchemaId, MaxResults: 5 },
  DeleteSchemaVersions: { SchemaId, Versions: '2' },
  CheckSchemaVersionValidity: { DataFormat: 'AVRO', SchemaDefinition },
  GetSchemaVersionsDiff: {
    ...{ SchemaId, FirstSchemaVersionNumber: first, SecondSchemaVersionNumber: first },
    SchemaDiffType: 'SYNTAX_DIFF',
  },
  PutSchemaVersionMetadata: { SchemaId, SchemaVersionNumber: first, MetadataKeyValue: pair },
  QuerySchemaVersionMetadata: {
    ...{ SchemaId, SchemaVersionNumber: first, MetadataList: [pair], MaxResults: 5 },
  },
  RemoveSchemaVersionMetadata: { SchemaId, SchemaVersionNumber: first, MetadataKeyValue: pair },
  GetTags: { ResourceArn },
  TagResource: { ResourceArn, TagsToAdd: { a: 'b' } },
  UntagResource: { ResourceArn, TagsToRemove: ['a'] },
};

/** Texts of an allowed length that a pattern of the model does not match. */
const unmatched: Record<string, string> = {
  '[a-zA-Z0-9-_$#.]+': 'two words',
  '[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*': 'a\u0007b',
  'arn:aws(-(cn|us-gov|iso(-[bef])?))?:glue:.*': 'invalid:arn:aws:glue:us-east-1:1:registry/r',
  '.*\\S.*': ' \n\t ',
  '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}':
    '00000000-0000-0000-0000-00000000000P',
  '[1-9][0-9]*|[1-9][0-9]*-[1-9][0-9]*': '2-',
  '[a-zA-Z0-9+-=._./@]+': 'not~allowed',
};

type Path = readonly (string | number)[];
interface Violation {
  path: Path;
  value: unknown;
  type: 'InvalidInputException' | 'SerializationException';
  message: string;
}

/** The members that AWS names otherwise than by their first letter in lower case. */
const javaNames = new Map([
  ['MetadataKey', 'key'],
  ['MetadataValue', 'value'],
  ['SchemaVersionId', 'SchemaVersionId'],
]);

/** What messages call the last member of a path; without a member, the operation. Items have the name of their list. */
function nameAt(operation: string, path: Path): string {
  const member = path.findLast((key) => typeof key === 'string') ?? operation;
  return javaNames.get(member) ?? member.replace(/^./, (letter) => letter.toLowerCase());
}

const jsonValues = ['text', 7, 1.5, true, [1], { a: 1 }];

/** Every violation of a shape, once. */
function* violations(shape: Shape, path: Path, operation: string): Generator<Violation> {
  const name = nameAt(operation, path);
  const invalid = (value: unknown, message: string): Violation => ({
    ...{ path, value, type: 'InvalidInputException', message },
  });
  const tooLong = `The resource name contains too many or too few characters. Parameter Name: ${name}`;
  for (const value of jsonValues.filter((json) => !isOfType(shape, json))) {
    const message = `${mismatch(shape, value)} Parameter Name: ${name}`;
    yield { path, value, type: 'SerializationException', message };
  }
  switch (shape.type) {
    case 'structure':
      for (const key of shape.required) {
        const missing = [...path, key];
        const message = `1 validation error detected: Value null at '${nameAt(operation, missing)}' failed to satisfy constraint: Member must not be null`;
        for (const value of [undefined, null]) {
          yield { path: missing, value, type: 'InvalidInputException', message };
        }
      }
      for (const [key, member] of Object.entries(shape.members)) {
        yield* violations(shapes[member as ShapeName], [...path, key], operation);
      }
      return;
    case 'string':
      if (shape.enum !== undefined) yield invalid('OTHER', `${inWords.get(name)} is not valid.`);
      if (shape.min) yield invalid('a'.repeat(shape.min - 1), tooLong);
      if (shape.max) yield invalid('a'.repeat(shape.max + 1), tooLong);
      if (shape.pattern !== undefined) {
        const message = `The parameter value contains one or more characters that are not valid. Parameter Name: ${name}`;
        yield invalid(unmatched[shape.pattern], message);
      }
      return;
    case 'integer': {
      const message = `The parameter value must be between ${shape.min} and ${shape.max}. Parameter Name: ${name}`;
      for (const value of [shape.min && shape.min - 1, shape.max && shape.max + 1, -1]) {
        yield invalid(value, message);
      }
      return;
    }
    case 'list': {
      const member = shapes[shape.member as ShapeName];
      if (shape.max) {
        yield invalid(Array(shape.max + 1).fill('a'), 'Tag keys cannot be empty or more than 50');
      }
      yield* violations(member, [...path, 0], operation);
      return;
    }
    case 'map': {
      const entries = Array.from({ length: (shape.max ?? 0) + 1 }, (_, index) => [`k${index}`, '']);
      yield invalid(Object.fromEntries(entries), 'New Tags cannot be empty or more than 50');
      for (const { value } of violations(shapes[shape.key as ShapeName], path, operation)) {
        if (typeof value === 'string') yield invalid({ [value]: 'b' }, tooLong);
      }
      const values = violations(shapes[shape.value as ShapeName], [...path, 0], operation);
      for (const { value, ...rest } of values) yield { ...rest, path, value: { key: value } };
      return;
    }
    case 'boolean':
  }
}

const inWords = new Map([
  ['compatibility', 'Compatibility'],
  ['dataFormat', 'Data format'],
  ['schemaDiffType', 'Schema diff type'],
]);

/** The sentence on a JSON value whose type is not that of the shape. */
function mismatch(shape: Shape, json: unknown): string {
  if (Array.isArray(json)) return 'Start of list found where not expected.';
  if (typeof json === 'object') return 'Start of structure or map found where not expected.';
  const token = json === true ? 'TRUE' : String(typeof json).toUpperCase();
  const wanted =
    shape.type === 'string' || shape.type === 'integer' || shape.type === 'boolean'
      ? shape.type.replace(/^./, (letter) => letter.toUpperCase())
      : shape.type;
  return `${token}_VALUE can not be converted to a ${wanted}.`;
}

function isOfType(shape: Shape, json: unknown): boolean {
  if (shape.type === 'integer') return Number.isInteger(json);
  if (shape.type === 'list') return Array.isArray(json);
  if (shape.type === 'structure' || shape.type === 'map') {
    return typeof json === 'object' && !Array.isArray(json);
  }
  return shape.type === typeof json;
}

/** The request with another value at a path; undefined removes the member. */
function withValue(request: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof key === 'number') return [withValue(undefined, rest, value)];
  const members = (request ?? {}) as Record<string, unknown>;
  return { ...members, [key]: withValue(members[key], rest, value) };
}

let registry: ReturnType<typeof openRegistry>;
after(() => registry.app.close());

before(async () => {
  registry = openRegistry();
  for (const RegistryName of ['r', 'other'])
    await registry.call('CreateRegistry', { RegistryName });
  for (const SchemaName of ['s', 'other']) {
    const schema = { RegistryId, SchemaName, DataFormat: 'AVRO', SchemaDefinition };
    const { status } = await registry.call('CreateSchema', schema);
    assert.equal(status, 200);
  }
});

for (const [operation, shape] of Object.entries(operations) as [keyof typeof operations, Shape][]) {
  test(`${operation}: every violation of the service model gets its documented error`, async () => {
    let count = 0;
    for (const { path, value, type, message } of violations(shape, [], operation)) {
      const body = JSON.stringify(withValue(requests[operation], path, value));
      const { status, answer } = await registry.call(operation, body);
      const what = `${path.join('/')} = ${JSON.stringify(value)?.slice(0, 50)}`;
      assert.deepEqual([status, answer], [400, { __type: type, Message: message }], what);
      count += 1;
    }
    assert.ok(count >= 6, `${count} violations`);
    const { status, answer } = await registry.call(operation, requests[operation]);
    assert.equal(status, 200, answer.Message);
  });
}

test('the dot of a pattern matches no line end in an ARN, and any in a definition', async () => {
  const DataFormat = 'AVRO';
  for (const end of ['\n', '\r', '\u0085', '\u2028', '\u2029']) {
    const place = JSON.stringify(end);
    for (const arn of [`${ResourceArn}${end}`, `${ResourceArn}${end}x`]) {
      for (const [operation, request] of [
        ['GetTags', { ResourceArn: arn }],
        ['GetSchema', { SchemaId: { SchemaArn: arn } }],
        ['GetRegistry', { RegistryId: { RegistryArn: arn } }],
      ] as const) {
        const { answer } = await registry.call(operation, request);
        assert.equal(answer.__type, 'InvalidInputException', `${operation} ${place}`);
        assert.match(answer.Message, /characters that are not valid/);
      }
    }
    const check = async (SchemaDefinition: string) =>
      (await registry.call('CheckSchemaVersionValidity', { DataFormat, SchemaDefinition })).answer;
    // JSON has white space of its own: not all line ends are part of it.
    const isJsonSpace = end < ' ';
    assert.equal((await check(`${end}"int"${end}`)).Valid, isJsonSpace, place);
    const blank = await check(end);
    if (isJsonSpace) assert.match(blank.Message, /characters that are not valid/, place);
    // To Java, `\S` is anything but white space of ASCII.
    else assert.equal(blank.Valid, false, place);
  }
});

test('an unknown ARN is not found, both alternatives or none are invalid', async () => {
  const arn = 'arn:aws:glue:us-east-1:000000000000:';
  const registryIds = [
    [
      { RegistryArn: `${arn}registry/unknown` },
      'EntityNotFoundException',
      /^Registry is not found/,
    ],
    [{ RegistryArn: `${arn}schema/r/s` }, 'EntityNotFoundException', /^Registry is not found/],
    [
      { RegistryArn: 'arn:aws:glue:eu-west-1:9:registry/r' },
      'EntityNotFoundException',
      /^Registry/,
    ],
    [{ RegistryName: 'unknown' }, 'EntityNotFoundException', /^Registry is not found/],
    [{ ...RegistryId, RegistryArn: `${arn}registry/r` }, 'InvalidInputException', /both/],
  ] as const;
  const schemaIds = [
    [{ SchemaArn: `${arn}schema/r/unknown` }, 'EntityNotFoundException', /^Schema is not found/],
    [{ SchemaArn: `${arn}registry/r` }, 'EntityNotFoundException', /^Schema is not found/],
    [{ SchemaArn: `${arn}schema/r/s/t` }, 'EntityNotFoundException', /^Schema is not found/],
    [{ ...SchemaId, SchemaName: 'unknown' }, 'EntityNotFoundException', /^Schema is not found/],
    [{ ...SchemaId, SchemaArn: ResourceArn }, 'InvalidInputException', /both/],
    [{}, 'InvalidInputException', /^At least one of/],
    [{ SchemaName: 's' }, 'InvalidInputException', /^At least one of/],
    [{ RegistryName: 'r' }, 'InvalidInputException', /^At least one of/],
  ] as const;
  const versionNumbers = [
    [{}, 'InvalidInputException', /^One of version number/],
    [{ LatestVersion: false }, 'InvalidInputException', /^One of version number/],
    [{ LatestVersion: true, VersionNumber: 1 }, 'InvalidInputException', /^Only one of/],
    [{ VersionNumber: 99 }, 'EntityNotFoundException', /^Schema version is not found/],
  ] as const;
  const arns = [
    [`${arn}registry/unknown`, 'EntityNotFoundException', /^Resource is not found/],
    [`${arn}schema/r/unknown`, 'EntityNotFoundException', /^Resource is not found/],
    [`${arn}job/j`, 'EntityNotFoundException', /^Resource is not found/],
  ] as const;
  const alternatives = { RegistryId: registryIds, SchemaId: schemaIds, ResourceArn: arns };
  const byShape = { ...alternatives, SchemaVersionNumber: versionNumbers };
  let count = 0;
  for (const [operation, { members }] of Object.entries(operations)) {
    for (const [member, shape] of Object.entries(members)) {
      const cases = Object.entries(byShape).find(([name]) => name === shape || name === member);
      for (const [value, type, message] of cases?.[1] ?? []) {
        // UpdateSchema refuses the mode that the schema already has, before it looks for the version.
        const { Compatibility, ...request } = requests[operation as keyof typeof operations];
        const body = operation === 'UpdateSchema' ? request : { ...request, Compatibility };
        const { status, answer } = await registry.call(operation, { ...body, [member]: value });
        const what = `${operation} ${member} ${JSON.stringify(value)}: ${answer.Message}`;
        assert.deepEqual([status, answer.__type], [400, type], what);
        assert.match(answer.Message, message, what);
        count += 1;
      }
    }
  }
  assert.ok(count > 100, `${count} cases`);
});

test('a version is found by its id alone', async () => {
  const SchemaVersionId = '00000000-0000-0000-0000-000000000000';
  const MetadataKeyValue = pair;
  for (const operation of [
    'GetSchemaVersion',
    'PutSchemaVersionMetadata',
    'RemoveSchemaVersionMetadata',
    'QuerySchemaVersionMetadata',
  ]) {
    for (const [request, type, message] of [
      [{ SchemaVersionId }, 'EntityNotFoundException', /^Schema version is not found\. /],
      [{ SchemaVersionId, SchemaId }, 'InvalidInputException', /^No other input parameters/],
      [{ SchemaVersionId, SchemaVersionNumber: first }, 'InvalidInputException', /^No other input/],
      [{}, 'InvalidInputException', /^At least one of/],
    ] as const) {
      const { status, answer } = await registry.call(operation, { MetadataKeyValue, ...request });
      assert.deepEqual([status, answer.__type], [400, type], operation);
      assert.match(answer.Message, message);
    }
  }
});
