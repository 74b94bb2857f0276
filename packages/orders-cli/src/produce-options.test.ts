import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '@order-stream/command-line';
import { ConfigError } from '@order-stream/runtime';
import { produceOptions } from './produce-options.ts';

function options(argv: string[], env: Record<string, string> = {}) {
  return produceOptions(argv, env);
}

test('S0-12 the defaults are those of the reference: 100 orders, a pause of 1 s, for 60 s', () => {
  const { limit, pace } = options([]);
  assert.deepEqual(limit, { durationMs: 60_000 });
  assert.deepEqual(pace, { kind: 'batches', size: 100, pauseMs: 1000 });
});

test('S0-16 MAX_RUN_SEC is the duration of a run; --for overrides it; 0 means until a signal', () => {
  assert.deepEqual(options([], { MAX_RUN_SEC: '10' }).limit, { durationMs: 10_000 });
  assert.deepEqual(options(['--for', '3'], { MAX_RUN_SEC: '10' }).limit, { durationMs: 3000 });
  assert.deepEqual(options(['--count', '7'], { MAX_RUN_SEC: 'x' }).limit, { orders: 7 });
  const endless = { durationMs: Number.POSITIVE_INFINITY };
  assert.deepEqual(options([], { MAX_RUN_SEC: '0' }).limit, endless);
  assert.deepEqual(options(['--for', '0']).limit, endless);
});

test('S0-16 a wrong MAX_RUN_SEC is reported by its name', () => {
  for (const value of ['-1', '1.5', 'soon']) {
    assert.throws(
      () => options([], { MAX_RUN_SEC: value }),
      (error) => error instanceof ConfigError && error.faults[0]?.variable === 'MAX_RUN_SEC',
    );
  }
});

test('S0-13 five orders at a time unless --concurrency says otherwise', () => {
  assert.equal(options([]).concurrency, 5);
  assert.equal(options(['--concurrency', '1']).concurrency, 1);
});

test('--rate replaces the batches; 0 means without pauses', () => {
  assert.deepEqual(options(['--rate', '5']).pace, { kind: 'rate', perSecond: 5 });
  assert.deepEqual(options(['--rate', '0']).pace, { kind: 'unpaced' });
});

test('each run without --seed has a new seed', () => {
  assert.notEqual(options([]).seed, options([]).seed);
  assert.equal(options(['--seed', 'x']).seed, 'x');
});

test('a wrong command line is reported in one line that names the flag', () => {
  const table: [string[], string][] = [
    [['--count', '0'], '--count'],
    [['--count', '1e3'], '--count'],
    [['--count', ''], '--count'],
    [['--count'], '--count'],
    [['--for', '-1'], '--for'],
    [['--for=-1'], '--for'],
    [['--rate', '2.5'], '--rate'],
    [['--batch', '0'], '--batch'],
    [['--concurrency', '0'], '--concurrency'],
    [['--concurrency', '100000'], '--concurrency'],
    [['--url', 'localhost'], '--url'],
    [['--url', 'ftp://127.0.0.1'], '--url'],
    [['--count', '1', '--for', '1'], '--count and --for'],
    [['--colour'], '--colour'],
    [['now'], 'now'],
  ];
  for (const [argv, named] of table) {
    assert.throws(
      () => produceOptions(argv, {}),
      (error) =>
        error instanceof UsageError &&
        error.message.includes(named) &&
        !error.message.includes('\n'),
      argv.join(' '),
    );
  }
});
