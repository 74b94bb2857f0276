import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import {
  GetTagsCommand,
  type GlueClient,
  ListRegistriesCommand,
  TagResourceCommand,
} from '@aws-sdk/client-glue';
import { startCommand, startListening } from './testing/start-process.ts';
import { createOrders, orderSchema, register } from './testing/start-registry.ts';

test('the command prints where it listens, keeps its data through SIGKILL, and ends on SIGTERM and SIGHUP with 0', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
  try {
    const database = join(folder, 'registry.sqlite');
    const first = await startListening('--database', database);
    assert.equal((await fetch(`${first.url}/healthz`)).status, 200);
    await createOrders(first.client, 'BACKWARD');
    first.client.destroy();
    first.child.kill('SIGKILL');
    await first.exited;

    const second = await startListening('--database', database);
    const { Registries } = await second.client.send(new ListRegistriesCommand({}));
    assert.deepEqual(
      Registries?.map((row) => row.RegistryName),
      ['customer'],
    );
    assert.equal((await register(second.client, orderSchema())).VersionNumber, 1);
    second.child.kill('SIGTERM');
    assert.deepEqual(await second.exited, [0, null]);
    second.client.destroy();

    const third = await startListening();
    third.client.destroy();
    third.child.kill('SIGHUP');
    assert.deepEqual(await third.exited, [0, null]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('--region and --account are in the ARNs that requests name, and tags outlast their change', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'glue-local-'));
  const kept = ['--database', join(folder.path, 'registry.sqlite')];
  const whileListening = async (args: string[], work: (client: GlueClient) => Promise<void>) => {
    const { client, child, exited } = await startListening(...kept, ...args);
    try {
      await work(client);
    } finally {
      client.destroy();
      child.kill('SIGTERM');
      await exited;
    }
  };
  const oldArn = 'arn:aws:glue:us-east-1:000000000000:schema/customer/orders-value';
  const newArn = 'arn:aws:glue:eu-west-1:123456789012:schema/customer/orders-value';
  const TagsToAdd = { team: 'orders' };
  await whileListening([], async (client) => {
    await createOrders(client, 'NONE');
    await client.send(new TagResourceCommand({ ResourceArn: oldArn, TagsToAdd }));
  });
  await whileListening(['--region', 'eu-west-1', '--account=123456789012'], async (client) => {
    const getTags = (ResourceArn: string) => client.send(new GetTagsCommand({ ResourceArn }));
    assert.deepEqual((await getTags(newArn)).Tags, TagsToAdd);
    await assert.rejects(getTags(oldArn), { name: 'EntityNotFoundException' });
  });
});

test('--help prints the usage and ends with 0', async () => {
  const { child, exited } = startCommand('--port', '1', '--help');
  assert.match(await text(child.stdout), /^usage: glue-local \[--port N\]/);
  assert.deepEqual(await exited, [0, null]);
});

test('wrong values are reported by flag, with exit code 78', async () => {
  const { child, lines, exited } = startCommand('--port', 'high');
  child.stdout.resume();
  const said: string[] = [];
  for await (const line of lines) said.push(line);
  assert.deepEqual(await exited, [78, null]);
  assert.equal(said[0], "glue-local: --port must be a whole number from 0 to 65535, not 'high'");
});

test('a database that cannot be opened is reported in one line', async () => {
  const { child, lines, exited } = startCommand(
    '--port',
    '0',
    '--database',
    '/nowhere/registry.sqlite',
  );
  child.stdout.resume();
  const said: string[] = [];
  for await (const line of lines) said.push(line);
  assert.deepEqual(await exited, [1, null]);
  assert.deepEqual(said, [
    'glue-local: cannot open the database /nowhere/registry.sqlite: its folder does not exist',
  ]);
});

test('a port in use is reported in one line', async () => {
  const first = await startListening();
  try {
    const second = startCommand('--port', new URL(first.url).port);
    const said: string[] = [];
    for await (const line of second.lines) said.push(line);
    assert.deepEqual(await second.exited, [1, null]);
    assert.match(said.at(-1) ?? '', /^glue-local: listen EADDRINUSE/);
  } finally {
    first.client.destroy();
    first.child.kill('SIGTERM');
    await first.exited;
  }
});
