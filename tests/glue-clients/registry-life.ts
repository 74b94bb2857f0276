import assert from 'node:assert/strict';
import type { Operation } from '../../packages/glue-local/src/request.ts';
import { histories } from './example-schemas.ts';
import { type Input, RefusedError, type RegistryClient } from './registry-client.ts';

export const RegistryId = { RegistryName: 'legopoc' };
export const SchemaId = { ...RegistryId, SchemaName: 'fullfillment.test_db.person' };
const registryArn = 'arn:aws:glue:us-east-1:000000000000:registry/legopoc';
const schemaArn = 'arn:aws:glue:us-east-1:000000000000:schema/legopoc/fullfillment.test_db.person';

/** A registry is looked up, created, changed; a second creation is refused. */
export async function showRegistry(client: RegistryClient): Promise<void> {
  const notFound = 'Registry is not found. RegistryName: legopoc, RegistryArn: null';
  await expectRefusal(client, 'GetRegistry', { RegistryId }, 'EntityNotFoundException', notFound);
  const created = await client.call('CreateRegistry', {
    ...RegistryId,
    Description: 'of tables',
    Tags: { team: 'orders' },
  });
  assert.deepEqual(created, {
    RegistryArn: registryArn,
    RegistryName: 'legopoc',
    Description: 'of tables',
    Tags: { team: 'orders' },
  });
  const exists = 'Registry already exists. RegistryName: legopoc';
  await expectRefusal(client, 'CreateRegistry', RegistryId, 'AlreadyExistsException', exists);
  const Description = 'of the tables that Debezium reads';
  await client.call('UpdateRegistry', { RegistryId, Description });
  const found = await client.call('GetRegistry', { RegistryId });
  assert.deepEqual(
    [found.RegistryArn, found.Description, found.Status],
    [registryArn, Description, 'AVAILABLE'],
  );
}

const modes = [
  ...(['NONE', 'DISABLED', 'BACKWARD', 'BACKWARD_ALL'] as const),
  ...(['FORWARD', 'FORWARD_ALL', 'FULL', 'FULL_ALL'] as const),
];

/** A schema of each mode. No client checks the value of an enumeration, so the registry does. */
export async function showModes(client: RegistryClient): Promise<void> {
  const schema = { RegistryId, DataFormat: 'AVRO', SchemaDefinition: '"string"' } as const;
  await Promise.all(
    modes.map(async (Compatibility) => {
      const request = { ...schema, SchemaName: `mode-${Compatibility}`, Compatibility };
      const created = await client.call('CreateSchema', request);
      assert.equal(created.Compatibility, Compatibility);
    }),
  );
  const wrong = { ...schema, SchemaName: 'mode', Compatibility: 'SIDEWAYS' as never };
  await expectRefusal(
    client,
    'CreateSchema',
    wrong,
    'InvalidInputException',
    'Compatibility is not valid.',
  );
}

/** In each format: version 1, a compatible version 2, an incompatible version that is FAILURE. */
export async function showFormats(client: RegistryClient): Promise<void> {
  const showFormat = async (DataFormat: keyof typeof histories) => {
    const { first, compatible, incompatible } = histories[DataFormat];
    const id = { ...RegistryId, SchemaName: `person-${DataFormat}` };
    await client.call('CreateSchema', {
      RegistryId,
      SchemaName: id.SchemaName,
      DataFormat,
      Compatibility: 'BACKWARD',
      SchemaDefinition: first,
    });
    const register = async (SchemaDefinition: string) => {
      const request = { SchemaId: id, SchemaDefinition };
      const { VersionNumber, Status } = await client.call('RegisterSchemaVersion', request);
      return [VersionNumber, Status];
    };
    assert.deepEqual(await register(compatible), [2, 'AVAILABLE'], DataFormat);
    assert.deepEqual(await register(incompatible), [3, 'FAILURE'], DataFormat);
  };
  await Promise.all((['AVRO', 'JSON', 'PROTOBUF'] as const).map(showFormat));
}

/** Versions are registered, found by id, number, definition and as the latest, and compared. */
export async function showVersions(client: RegistryClient): Promise<void> {
  const { first, compatible, incompatible } = histories.AVRO;
  const { SchemaName } = SchemaId;
  const schema = { RegistryId, SchemaName, DataFormat: 'AVRO', SchemaDefinition: first } as const;
  const noSchema = `Schema is not found. RegistryName: legopoc, SchemaName: ${SchemaName}, SchemaArn: null`;
  await expectRefusal(client, 'GetSchema', { SchemaId }, 'EntityNotFoundException', noSchema);
  const created = await client.call('CreateSchema', { ...schema, Compatibility: 'BACKWARD' });
  assert.deepEqual([created.SchemaArn, created.SchemaVersionStatus], [schemaArn, 'AVAILABLE']);
  const exists = `Schema already exists. SchemaName: ${SchemaName}`;
  await expectRefusal(client, 'CreateSchema', schema, 'AlreadyExistsException', exists);

  const register = (SchemaDefinition: string) =>
    client.call('RegisterSchemaVersion', { SchemaId, SchemaDefinition });
  const second = await register(compatible);
  assert.deepEqual(await register(compatible), second);
  const failed = await register(incompatible);
  assert.deepEqual([failed.VersionNumber, failed.Status], [3, 'FAILURE']);

  const byId = await client.call('GetSchemaVersion', { SchemaVersionId: second.SchemaVersionId });
  assert.deepEqual([byId.VersionNumber, byId.SchemaDefinition], [2, compatible]);
  for (const SchemaVersionNumber of [{ VersionNumber: 2 }, { LatestVersion: true }])
    assert.deepEqual(
      await client.call('GetSchemaVersion', { SchemaId, SchemaVersionNumber }),
      byId,
    );
  const byDefinition = await client.call('GetSchemaByDefinition', {
    SchemaId,
    SchemaDefinition: JSON.stringify(JSON.parse(compatible), null, 2),
  });
  assert.equal(byDefinition.SchemaVersionId, second.SchemaVersionId);
  const failedAgain = { SchemaId, SchemaDefinition: incompatible };
  assert.equal((await client.call('GetSchemaByDefinition', failedAgain)).Status, 'FAILURE');
  const none = '00000000-0000-0000-0000-000000000000';
  await expectRefusal(
    client,
    'GetSchemaVersion',
    { SchemaVersionId: none },
    'EntityNotFoundException',
    `Schema version is not found. SchemaVersionId: ${none}`,
  );
  await showDiff(client);
  await showFaultyDefinition(client);
}

async function showDiff(client: RegistryClient): Promise<void> {
  const { Diff } = await client.call('GetSchemaVersionsDiff', {
    SchemaId,
    FirstSchemaVersionNumber: { VersionNumber: 1 },
    SecondSchemaVersionNumber: { VersionNumber: 2 },
    SchemaDiffType: 'SYNTAX_DIFF',
  });
  const value = { name: 'name', type: ['null', 'string'], default: null };
  assert.deepEqual(JSON.parse(Diff ?? ''), [{ op: 'add', path: '/fields/1', value }]);
}

async function showFaultyDefinition(client: RegistryClient): Promise<void> {
  const SchemaDefinition = '{"type":"record"}';
  const check = { DataFormat: 'AVRO', SchemaDefinition } as const;
  const { Valid, Error: text = '' } = await client.call('CheckSchemaVersionValidity', check);
  assert.equal(Valid, false);
  const message = `Schema definition of AVRO data format is invalid: ${text}`;
  const faulty = { SchemaId, SchemaDefinition };
  await expectRefusal(client, 'RegisterSchemaVersion', faulty, 'InvalidInputException', message);
}

/** Two values of one key, a pair that exists, a pair that is removed. */
export async function showMetadata(client: RegistryClient): Promise<void> {
  const version = { SchemaId, SchemaVersionNumber: { VersionNumber: 1 } };
  const pair = (MetadataValue: string) => ({
    ...version,
    MetadataKeyValue: { MetadataKey: 'owner', MetadataValue },
  });
  const { SchemaVersionId } = await client.call('PutSchemaVersionMetadata', pair('orders'));
  await client.call('PutSchemaVersionMetadata', pair('billing'));
  const text = `schema version id: ${SchemaVersionId}, metadata key: owner, metadata value: orders`;
  await expectRefusal(
    client,
    'PutSchemaVersionMetadata',
    pair('orders'),
    'AlreadyExistsException',
    `Resource already exist for ${text}`,
  );
  const valuesOf = async () => {
    const { MetadataInfoMap } = await client.call('QuerySchemaVersionMetadata', version);
    const { owner } = MetadataInfoMap ?? {};
    const others = owner?.OtherMetadataValueList ?? [];
    return [owner?.MetadataValue, ...others.map(({ MetadataValue }) => MetadataValue)].sort();
  };
  assert.deepEqual(await valuesOf(), ['billing', 'orders']);
  await client.call('RemoveSchemaVersionMetadata', pair('orders'));
  assert.deepEqual(await valuesOf(), ['billing']);
  await expectRefusal(
    client,
    'RemoveSchemaVersionMetadata',
    pair('orders'),
    'EntityNotFoundException',
    `Resource is not found for ${text}`,
  );
}

/** Tags of a schema and of its registry. */
export async function showTags(client: RegistryClient): Promise<void> {
  const TagsToAdd = { team: 'billing', stage: 'test' };
  await client.call('TagResource', { ResourceArn: schemaArn, TagsToAdd });
  await client.call('UntagResource', { ResourceArn: schemaArn, TagsToRemove: ['stage'] });
  const tagsOf = async (ResourceArn: string) =>
    (await client.call('GetTags', { ResourceArn })).Tags;
  assert.deepEqual(await tagsOf(schemaArn), { team: 'billing' });
  assert.deepEqual(await tagsOf(registryArn), { team: 'orders' });
}

/** The checkpoint moves, a failed version is deleted, then schema and registry. */
export async function showUpdateAndDeletion(client: RegistryClient): Promise<void> {
  await client.call('UpdateSchema', {
    SchemaId,
    SchemaVersionNumber: { VersionNumber: 2 },
    Compatibility: 'FULL',
    Description: 'persons',
  });
  const updated = await client.call('GetSchema', { SchemaId });
  assert.deepEqual(
    [updated.Compatibility, updated.SchemaCheckpoint, updated.Description],
    ['FULL', 2, 'persons'],
  );
  const deleteVersions = (Versions: string) =>
    client.call('DeleteSchemaVersions', { SchemaId, Versions });
  const { SchemaVersionErrors = [] } = await deleteVersions('3-4');
  assert.deepEqual(
    SchemaVersionErrors.map(({ VersionNumber, ErrorDetails }) => [
      VersionNumber,
      ErrorDetails?.ErrorCode,
    ]),
    [[4, 'EntityNotFoundException']],
  );
  await expectRefusal(
    client,
    'DeleteSchemaVersions',
    { SchemaId, Versions: '2' },
    'InvalidInputException',
    'Version 2 is the checkpoint of the schema and cannot be deleted: move the checkpoint first.',
  );
  const schema = await client.call('DeleteSchema', { SchemaId });
  assert.deepEqual([schema.SchemaArn, schema.Status], [schemaArn, 'DELETING']);
  const registry = await client.call('DeleteRegistry', { RegistryId });
  assert.deepEqual([registry.RegistryArn, registry.Status], [registryArn, 'DELETING']);
  const gone = 'Registry is not found. RegistryName: legopoc, RegistryArn: null';
  await expectRefusal(client, 'ListSchemas', { RegistryId }, 'EntityNotFoundException', gone);
}

/** The request is refused, and the user sees type and text. */
async function expectRefusal<Name extends Operation>(
  client: RegistryClient,
  operation: Name,
  input: Input<Name>,
  type: string,
  message: string,
): Promise<void> {
  await assert.rejects(client.call(operation, input), (error) => {
    assert.ok(error instanceof RefusedError, error as Error);
    const text = client.errorText(operation, type, message);
    assert.deepEqual([error.type, error.message], [type, text]);
    return true;
  });
}
