import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dbSetupCommand } from '../../packages/orders-cli/src/db/db-setup.ts';
import { ConfigError } from '../../packages/runtime/src/load-config.ts';
import { resourceEnding, resourcesOf } from './rendered-stacks.ts';

test('D-10 S2-11 the set-up task accepts its flags and its variables', async () => {
  const { values } = resourceEnding(
    resourcesOf('cdc', 'connect'),
    'aws_ecs_task_definition',
    'family',
    '-cdc-setup',
  );
  const [container] = JSON.parse(String(values.container_definitions));
  const [first, second, ...flags] = container.command;
  assert.deepEqual([first, second], dbSetupCommand.words);
  const variables: Record<string, string> = Object.fromEntries(
    container.environment.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  const read = new Set<string>();
  // With a wrong mode it reads all variables and stops with this one fault.
  const env = new Proxy({ ...variables, PGSSLMODE: 'none' } as NodeJS.ProcessEnv, {
    get(target, name) {
      read.add(String(name));
      return Reflect.get(target, name);
    },
  });
  const silent = { write: () => true };
  const stop = new AbortController().signal;
  await assert.rejects(
    dbSetupCommand.run(flags, { env, stdout: silent, stderr: silent, stop }),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError, String(error));
      assert.deepEqual(
        error.faults.map(({ variable }) => variable),
        ['PGSSLMODE'],
      );
      return true;
    },
  );
  assert.deepEqual(
    Object.keys(variables).filter((name) => !read.has(name)),
    [],
  );
  await assert.rejects(
    dbSetupCommand.run([...flags, '--replication-usr', 'x'], {
      env,
      stdout: silent,
      stderr: silent,
      stop,
    }),
    /replication-usr/,
  );
});
