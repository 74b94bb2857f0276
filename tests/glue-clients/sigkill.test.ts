import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  GetSchemaVersionCommand,
  type GlueClient,
  paginateListSchemaVersions,
} from '@aws-sdk/client-glue';
import { startListening } from '../../packages/glue-local/src/testing/start-process.ts';
import {
  createOrders,
  orderSchema,
  register,
  SchemaId,
} from '../../packages/glue-local/src/testing/start-registry.ts';

const registrations = 1000;
const kills = 4;
const writers = 8;

const definition = (index: number) => orderSchema({ name: `c${index}`, type: 'int' });

test('SIGKILL in the middle of 1000 registrations loses no answered version, and leaves no half version', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'glue-local-'));
  const database = join(folder, 'registry.sqlite');
  /** Answered: the index of the definition, with id and number of its version. */
  const answered = new Map<number, { id: string | undefined; number: number | undefined }>();
  const unverified = new Set<number>();
  const waiting = Array.from({ length: registrations }, (_, index) => index);

  /** Registers until everything is answered, or the process is killed: at once after `killAfter` more answers. */
  async function run(killAfter: number): Promise<void> {
    const { client, child, exited } = await startListening('--database', database);
    try {
      if (answered.size === 0) await createOrders(client, 'NONE');
      await verify(client);
      const until = answered.size + killAfter;
      await Promise.all(
        Array.from({ length: writers }, () =>
          write(client, child, () => answered.size === until && child.kill('SIGKILL')),
        ),
      );
      if (!child.killed) {
        await verify(client);
        await expectAll(client);
      }
    } finally {
      client.destroy();
      child.kill('SIGKILL');
      await exited;
    }
  }

  async function write(client: GlueClient, child: ChildProcess, onAnswer: () => unknown) {
    while (!child.killed) {
      const index = waiting.shift();
      if (index === undefined) return;
      try {
        const version = await register(client, definition(index));
        unverified.add(index);
        answered.set(index, { id: version.SchemaVersionId, number: version.VersionNumber });
      } catch (error) {
        assert.ok(child.killed, error as Error);
        waiting.push(index);
        return;
      }
      onAnswer();
    }
  }

  /** Every version that was answered since the last time is there, with its text and number. */
  async function verify(client: GlueClient) {
    for (const index of unverified) {
      const { id: SchemaVersionId, number } = answered.get(index) ?? {};
      const version = await client.send(new GetSchemaVersionCommand({ SchemaVersionId }));
      assert.deepEqual(
        [version.SchemaDefinition, version.VersionNumber, version.Status],
        [definition(index), number, 'AVAILABLE'],
      );
    }
    unverified.clear();
  }

  /** No version is there that was not answered: one that a kill left unanswered was registered again, and answered. */
  async function expectAll(client: GlueClient) {
    const found = new Map<number | undefined, string | undefined>();
    for await (const page of paginateListSchemaVersions({ client, pageSize: 100 }, { SchemaId }))
      for (const row of page.Schemas ?? []) found.set(row.VersionNumber, row.SchemaVersionId);
    assert.equal(found.size, registrations + 1);
    for (const { id, number } of answered.values()) assert.equal(found.get(number), id);
  }

  try {
    for (let index = 0; index < kills; index += 1) {
      const killAfter = 1 + Math.floor(Math.random() * 240);
      t.diagnostic(`killed after ${killAfter} answers`);
      await run(killAfter);
    }
    await run(Infinity);
    assert.equal(answered.size, registrations);
  } finally {
    await rm(folder, { recursive: true });
  }
});
