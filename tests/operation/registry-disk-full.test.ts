import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort } from '@order-stream/local-stack/ports';
import { startService } from '@order-stream/local-stack/service-process';

/** Starts glue-local, whose files have at most 128 KiB until `makeRoom` is called. */
async function startSmallRegistry(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'registry-disk-full-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const glue = await startService({
    main: 'packages/glue-local/src/main.ts',
    args: ['--port', String(port), '--database', join(folder, 'registry.sqlite')],
    env: {},
    readyUrl: `${url}/healthz`,
    shell: 'exec prlimit --fsize=131072: "$@"',
  });
  context.after(() => glue.kill());
  return {
    glue,
    url,
    makeRoom: () => execFileSync('prlimit', ['--pid', String(glue.pid), '--fsize=unlimited']),
    async call(action: string, members: object) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AWSGlue.${action}`,
        },
        body: JSON.stringify(members),
      });
      return {
        status: response.status,
        errorType: response.headers.get('x-amzn-errortype'),
        body: (await response.json()) as Record<string, unknown>,
      };
    },
  };
}

const schema = (name: string) => ({
  RegistryId: { RegistryName: 'customer' },
  SchemaName: name,
  DataFormat: 'AVRO',
  Compatibility: 'NONE',
  SchemaDefinition: JSON.stringify({ type: 'record', name, doc: 'x'.repeat(5_000), fields: [] }),
});

test('F19 on a full disk, glue-local answers that it is full, goes on reading, and writes again when there is room', async (context) => {
  const { glue, url, makeRoom, call } = await startSmallRegistry(context);
  assert.equal((await call('CreateRegistry', { RegistryName: 'customer' })).status, 200);
  const created: string[] = [];
  let refused: Awaited<ReturnType<typeof call>> | undefined;
  while (refused === undefined) {
    const name = `s${created.length}`;
    const answer = await call('CreateSchema', schema(name));
    if (answer.status === 200) created.push(name);
    else refused = answer;
  }
  assert.ok(created.length > 0);

  const list = async () => {
    const { status, body } = await call('ListSchemas', {});
    assert.equal(status, 200);
    return (body.Schemas as { SchemaName: string }[]).map(({ SchemaName }) => SchemaName).sort();
  };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { status, errorType, body } = await call('CreateSchema', schema('another'));
    assert.equal(status, 500);
    assert.equal(errorType, 'InternalServiceException');
    assert.match(String(body.Message), /is full/);
    assert.deepEqual(await list(), [...created].sort());
  }
  assert.deepEqual(refused.body.__type, 'InternalServiceException');
  const id = { SchemaId: { RegistryName: 'customer', SchemaName: 's0' } };
  const version = await call('GetSchemaVersion', {
    ...id,
    SchemaVersionNumber: { LatestVersion: true },
  });
  assert.equal(version.body.SchemaDefinition, schema('s0').SchemaDefinition);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);

  makeRoom();
  assert.equal((await call('CreateSchema', schema('another'))).status, 200);
  assert.deepEqual(await list(), [...created, 'another'].sort());
  glue.kill('SIGTERM');
  assert.deepEqual(await glue.exited, { code: 0, signal: null });
});
