import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateRegistryCommand, GetRegistryCommand } from '@aws-sdk/client-glue';
import { startRegistry } from './testing/start-registry.ts';

test('ARNs have the partition of their region, and requests can name a registry by them', async () => {
  for (const [region, partition] of [
    ['eu-west-1', 'aws'],
    ['us-east-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['us-isof-south-1', 'aws-iso-f'],
    ['eusc-de-east-1', 'aws-eusc'],
  ] as const) {
    await using registry = await startRegistry({ region });
    const RegistryName = 'customer';
    const created = await registry.client.send(new CreateRegistryCommand({ RegistryName }));
    const RegistryArn = `arn:${partition}:glue:${region}:000000000000:registry/customer`;
    assert.equal(created.RegistryArn, RegistryArn);
    const get = registry.client.send(new GetRegistryCommand({ RegistryId: { RegistryArn } }));
    // The pattern of the service model does not have this partition.
    if (partition === 'aws-eusc') await assert.rejects(get, { name: 'InvalidInputException' });
    else assert.equal((await get).RegistryName, RegistryName);
  }
});
