import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from './command-line.ts';

test('without flags and variables the registry is on 127.0.0.1:4570, in memory', () => {
  assert.deepEqual(readSettings([], {}), {
    settings: {
      ...{ port: 4570, host: '127.0.0.1', databaseFile: ':memory:' },
      ...{ pendingMs: 0, deletingMs: 0, noLimits: false },
    },
  });
});

test('a flag wins over its variable', () => {
  const env = {
    ...{ GLUE_LOCAL_PORT: '1', HOST: '0.0.0.0', GLUE_LOCAL_DATABASE: 'a.sqlite' },
    ...{ GLUE_LOCAL_DELETING_MS: '5', GLUE_LOCAL_NO_LIMITS: 'false' },
  };
  assert.deepEqual(readSettings(['--port', '0', '--pending-ms=250', '--no-limits'], env), {
    settings: {
      ...{ port: 0, host: '0.0.0.0', databaseFile: 'a.sqlite' },
      ...{ pendingMs: 250, deletingMs: 5, noLimits: true },
    },
  });
});

test('the quotas are lifted by a variable as well', () => {
  const read = readSettings([], { GLUE_LOCAL_NO_LIMITS: 'true' });
  assert.equal(read.settings?.noLimits, true);
});

test('every wrong value is reported with its flag or variable', () => {
  const read = readSettings(['--pending-ms', '-5', '--colour', '--host='], {
    GLUE_LOCAL_PORT: '70000',
    GLUE_LOCAL_NO_LIMITS: 'yes',
  });
  assert.deepEqual(read, {
    faults: [
      '--colour: unknown flag',
      '--host: a value is missing',
      "GLUE_LOCAL_PORT must be a whole number from 0 to 65535, not '70000'",
      "--pending-ms must be a whole number from 0 to 3600000, not '-5'",
      "GLUE_LOCAL_NO_LIMITS must be true or false, not 'yes'",
    ],
  });
});
