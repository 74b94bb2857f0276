import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from './command-line.ts';

test('without flags and variables the registry is on 127.0.0.1:4570, in memory', () => {
  assert.deepEqual(readSettings([], {}), {
    settings: {
      ...{ port: 4570, host: '127.0.0.1', databaseFile: ':memory:' },
      ...{ region: 'us-east-1', accountId: '000000000000' },
      ...{ pendingMs: 0, deletingMs: 0, noLimits: false },
    },
  });
});

test('a flag wins over its variable', () => {
  const env = {
    ...{ GLUE_LOCAL_PORT: '1', HOST: '0.0.0.0', GLUE_LOCAL_DATABASE: 'a.sqlite' },
    ...{ GLUE_LOCAL_DELETING_MS: '5', GLUE_LOCAL_NO_LIMITS: 'false' },
    ...{ GLUE_LOCAL_REGION: 'eu-west-1', GLUE_LOCAL_ACCOUNT: '123456789012' },
  };
  assert.deepEqual(
    readSettings(
      ['--port', '0', '--pending-ms=250', '--region', 'us-gov-west-1', '--no-limits'],
      env,
    ),
    {
      settings: {
        ...{ port: 0, host: '0.0.0.0', databaseFile: 'a.sqlite' },
        ...{ region: 'us-gov-west-1', accountId: '123456789012' },
        ...{ pendingMs: 250, deletingMs: 5, noLimits: true },
      },
    },
  );
});

test('the quotas are lifted by a variable as well', () => {
  const read = readSettings([], { GLUE_LOCAL_NO_LIMITS: 'true' });
  assert.equal(read.settings?.noLimits, true);
});

test('every wrong value is reported with its flag or variable', () => {
  const read = readSettings(['--pending-ms', '-5', '--colour', '--host=', '--account', '42'], {
    GLUE_LOCAL_REGION: 'EU',
    GLUE_LOCAL_PORT: '70000',
    GLUE_LOCAL_NO_LIMITS: 'yes',
  });
  assert.deepEqual(read, {
    faults: [
      '--colour: unknown flag',
      '--host: a value is missing',
      "GLUE_LOCAL_PORT must be a whole number from 0 to 65535, not '70000'",
      "GLUE_LOCAL_REGION must be a region such as eu-west-1, not 'EU'",
      "--account must be 12 digits, not '42'",
      "--pending-ms must be a whole number from 0 to 3600000, not '-5'",
      "GLUE_LOCAL_NO_LIMITS must be true or false, not 'yes'",
    ],
  });
});
