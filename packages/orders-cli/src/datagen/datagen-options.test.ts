import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '@order-stream/command-line';
import { produceOptions } from '../produce-options.ts';
import { datagenOptions } from './datagen-options.ts';

const options = (...argv: string[]) => datagenOptions(['--shape', 'datagen', ...argv], {});

test('S3-07 the defaults are the settings of the reference: 2 tasks, 500 ms, 1000 customers', () => {
  const { tasks, pace, history, customerTopic, orderTopic } = options();
  assert.deepEqual([tasks, pace, history], [2, { kind: 'rate', perSecond: 2 }, 1_000]);
  assert.deepEqual([customerTopic, orderTopic], ['customer', 'order']);
});

test('--rate is the rate of all tasks together', () => {
  const { pace } = options('--rate', '100', '--tasks', '4');
  assert.deepEqual(pace, { kind: 'rate', perSecond: 25 });
  for (const flags of [
    ['--rate', '0'],
    ['--throttle-ms', '0'],
  ])
    assert.deepEqual(options(...flags).pace, { kind: 'unpaced' });
});

test('flags of the other shape, and flags that exclude each other, are wrong', () => {
  for (const [argv, named] of [
    [['--url', 'http://127.0.0.1'], /--url needs --shape orders/],
    [['--batch', '1'], /--batch needs --shape orders/],
    [['--concurrency', '1'], /--concurrency needs --shape orders/],
    [['--rate', '1', '--throttle-ms', '1'], /--rate and --throttle-ms exclude/],
    [['--count', '1', '--for', '1'], /--count and --for exclude/],
    [['--order-topic', 'customer'], /are both 'customer'/],
    [['--order-topic', 'a b'], /--order-topic must be a valid topic name/],
    [['--tasks', '0'], /--tasks must be/],
    [['--history', '0'], /--history must be/],
  ] as [string[], RegExp][])
    assert.throws(
      () => options(...argv),
      (error) => error instanceof UsageError && named.test(error.message),
      argv.join(' '),
    );
  for (const flag of ['throttle-ms', 'history', 'tasks', 'customer-topic', 'order-topic'])
    assert.throws(() => produceOptions([`--${flag}`, '1'], {}), /needs --shape datagen/);
  assert.throws(() => produceOptions(['--shape', 'avro'], {}), /--shape must be orders or datagen/);
});
