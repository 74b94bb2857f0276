import assert from 'node:assert/strict';
import { test } from 'node:test';
import { glueName } from './glue-name.ts';

test('a name is used as it is, in the account of the caller', () => {
  const customer = glueName('customer');
  assert.deepEqual(customer.registryId, { RegistryName: 'customer' });
  assert.deepEqual(customer.schemaId('s'), { RegistryName: 'customer', SchemaName: 's' });
  assert.equal(customer.region, undefined);
});

test('S4-08 an ARN gives registry, region and the ARNs of the schemas, also with dots', () => {
  const legopoc = glueName('arn:aws-cn:glue:cn-north-1:123456789012:registry/legopoc');
  assert.equal(legopoc.name, 'legopoc');
  assert.equal(legopoc.region, 'cn-north-1');
  assert.deepEqual(legopoc.registryId, {
    RegistryArn: 'arn:aws-cn:glue:cn-north-1:123456789012:registry/legopoc',
  });
  assert.deepEqual(legopoc.schemaId('fullfillment.test_db.person'), {
    SchemaArn: 'arn:aws-cn:glue:cn-north-1:123456789012:schema/legopoc/fullfillment.test_db.person',
  });
});

test('the ARN of another resource is rejected', () => {
  for (const arn of [
    'arn:aws:glue:us-east-1:1:schema/r/s',
    'arn:aws:s3:::bucket',
    'arn:aws:glue:us-east-1:1:registry/',
    'arn:aws:glue:us-east-1:1:registry/a/b',
  ])
    assert.throws(() => glueName(arn), TypeError, arn);
});
