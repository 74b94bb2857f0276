import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Producer, ProducerBatch } from 'kafkajs';
import type { KafkaClient } from '../kafka-client.ts';
import {
  AuthenticationError,
  BrokerUnavailableError,
  OverloadedError,
  SendOutcomeUnknownError,
  SendRefusedError,
} from '../kafka-errors.ts';
import { createLogger } from '../logger.ts';
import { createKafkaWriter } from './kafka-writer.ts';
import {
  append,
  createFakeBrokers,
  protocolError,
  topic,
  writerOn,
} from './testing/fake-brokers.ts';
import { stopClock } from './testing/stopped-clock.ts';

const nothing = () => {};

async function started(
  options: Parameters<typeof createFakeBrokers>[0] = {},
  writerOptions: Parameters<typeof writerOn>[1] = {},
) {
  const fake = createFakeBrokers(options);
  const writer = writerOn(fake, writerOptions);
  await writer.start([topic]);
  const texts = () => fake.requests.map(({ batches }) => batches);
  return { fake, writer, texts };
}

test('records that arrive together go together, one request a leader', async () => {
  const { writer, texts } = await started();
  for (const [partition, text] of [
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
    [0, 'd'],
  ] as const)
    void append(writer, partition, text);
  await turn();
  assert.deepEqual(texts(), [['0:a,d', '2:c'], ['1:b']]);
});

test('what arrives while a leader’s request is in flight waits for it; other leaders do not', async () => {
  const { fake, writer, texts } = await started({ hold: true });
  const first = append(writer, 0, 'a');
  await turn();
  const later = [append(writer, 0, 'b'), append(writer, 2, 'c'), append(writer, 0, 'd')];
  const other = append(writer, 1, 'e');
  await turn();
  assert.deepEqual(texts(), [['0:a'], ['1:e']]);
  fake.answer(0);
  assert.equal(await first, 0n);
  await turn();
  assert.deepEqual(texts()[2], ['0:b,d', '2:c']);
  fake.answer(1);
  fake.answer(2);
  assert.deepEqual(await Promise.all([other, ...later]), [0n, 1n, 0n, 2n]);
});

test('a partition that is stuck holds up itself, not its leader’s others', async (context) => {
  stopClock(context);
  const { writer, texts } = await started({
    script: ['one-not-enough-replicas', 'not-enough-replicas'],
  });
  void append(writer, 0, 'a');
  void append(writer, 2, 'b');
  await turn();
  void append(writer, 2, 'c');
  void append(writer, 0, 'd');
  await turn();
  await turn();
  assert.deepEqual(texts(), [['0:a', '2:b'], ['0:a'], ['2:b'], ['2:c']]);
  context.mock.timers.tick(50);
  await turn();
  await turn();
  assert.deepEqual(texts().slice(4), [['0:a'], ['0:d']]);
});

test('an error of a batch reaches each of its records and leaves the next batch free to go', async () => {
  const { writer, texts } = await started({ script: ['not-authorized'] });
  for (const one of [append(writer, 0, 'a'), append(writer, 0, 'b')])
    await assert.rejects(one, SendRefusedError);
  assert.equal(await append(writer, 0, 'c'), 0n);
  assert.deepEqual(texts(), [['0:a,b'], ['0:c']]);
});

test('when full it refuses at once, and takes again after an answer', async () => {
  const { writer } = await started({}, { maxInFlight: 2 });
  const taken = [append(writer, 0, 'x'), append(writer, 0, 'x')];
  await assert.rejects(append(writer, 0, 'x'), OverloadedError);
  await Promise.all(taken);
  assert.deepEqual(writer.inFlight(), { records: 0, bytes: 0 });
  void append(writer, 0, 'x');
  assert.equal(writer.inFlight().records, 1);
});

test('when it holds as many bytes as it may, it refuses; a record that just fits is taken', async () => {
  const { writer } = await started({}, { maxInFlightBytes: 2 * 141 });
  void append(writer, 0, 'x'.repeat(101));
  void append(writer, 1, 'x'.repeat(101));
  assert.equal(writer.inFlight().bytes, 2 * 141);
  let failed: Error | undefined;
  const record = { key: null, value: null, timestampMs: 0 };
  writer.append(
    topic,
    2,
    record,
    performance.now() + 1_000,
    () => {},
    (error) => {
      failed = error;
    },
  );
  assert.ok(failed instanceof OverloadedError, 'before append returns');
});

test('a batch stays under the broker’s message size; a larger record goes alone', async () => {
  const { writer, texts } = await started();
  await Promise.all(
    [500_000, 399_920, 1, 950_000].map((size) => append(writer, 0, 'x'.repeat(size))),
  );
  assert.deepEqual(
    texts().map(([batch]) => batch?.split(',').map((text) => text.replace('0:', '').length)),
    [[500_000, 399_920], [1], [950_000]],
  );
});

test('headers count: large ones make a batch full, and the service', async () => {
  const { fake, writer } = await started();
  const headers = { traceparent: 'x', tracestate: 'y'.repeat(300_000) };
  const record = { key: null, value: Buffer.from('x'), timestampMs: 0, headers };
  for (let i = 0; i < 4; i += 1)
    writer.append(
      topic,
      0,
      record,
      performance.now() + 1_000,
      () => {},
      () => {},
    );
  assert.ok(writer.inFlight().bytes > 1_200_000);
  await turn();
  assert.deepEqual(fake.requests[0]?.batches, ['0:x,x']);
});

test('records go together when their deadlines are at most a second apart', async () => {
  const { writer, texts } = await started();
  const now = performance.now();
  for (const [text, timeoutMs] of [
    ['a', 5_000],
    ['b', 6_000],
    ['c', 6_001],
  ] as const) {
    const record = { key: null, value: Buffer.from(text), timestampMs: 0 };
    writer.append(topic, 0, record, now + timeoutMs, nothing, nothing);
  }
  await turn();
  assert.deepEqual(texts()[0], ['0:a,b']);
});

test('a record still waiting at its deadline was not written, and its caller hears so', async (context) => {
  stopClock(context);
  const { writer, texts } = await started({ script: ['silence-after-append'] });
  const stuck = append(writer, 0, 'a', 1_000);
  await turn();
  const waiting = append(writer, 0, 'b', 1_000);
  const later = append(writer, 0, 'c', 1_001);
  context.mock.timers.tick(1_000);
  await assert.rejects(stuck, SendOutcomeUnknownError);
  await assert.rejects(waiting, BrokerUnavailableError);
  assert.equal(await later, 1n);
  assert.deepEqual(texts(), [['0:a'], ['0:c']]);
});

test('a caller that throws leaves its neighbours their answers', async (context) => {
  const { fake, writer } = await started({ hold: true, script: ['written', 'not-authorized'] });
  const answers: string[] = [];
  const appendThrowing = (name: string) =>
    writer.append(
      topic,
      0,
      { key: null, value: Buffer.from(name), timestampMs: 0 },
      performance.now() + 1_000,
      (offset) => {
        answers.push(`${name}${offset}`);
        if (name === 'a') throw new Error('defect');
      },
      ({ code }) => {
        answers.push(`${name} ${code}`);
        if (name === 'c') throw new Error('other defect');
      },
    );
  const later: (() => void)[] = [];
  const thrown = () => {
    const work = later.splice(0);
    return work.map((one) => {
      try {
        one();
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    });
  };
  for (const [request, names] of [
    [0, ['a', 'b']],
    [1, ['c', 'd']],
  ] as const) {
    for (const name of names) appendThrowing(name);
    await turn();
    const mocked = context.mock.method(globalThis, 'setImmediate', (work: () => void) =>
      later.push(work),
    );
    fake.answer(request);
    await turn();
    mocked.mock.restore();
    assert.ok(thrown().includes(request === 0 ? 'defect' : 'other defect'));
  }
  assert.deepEqual(answers, ['a0', 'b1', 'c refused', 'd refused']);
});

test('batches are split when their topic refuses them for their size, and later ones are not refused again', async () => {
  const ended: string[] = [];
  const { writer, texts } = await started(
    { maxBatchBytes: 4 },
    { batchEnded: (_topic, records, _seconds, error) => ended.push(`${records} ${error?.code}`) },
  );
  const values = ['aa', 'bb', 'cc', 'dd', 'eeeee', 'ff'];
  const answers = await Promise.allSettled(values.map((value) => append(writer, 0, value)));
  assert.deepEqual(
    answers.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.reason)),
    [0n, 1n, 2n, 3n, 'MESSAGE_TOO_LARGE', 4n],
  );
  assert.deepEqual(texts(), [
    ['0:aa,bb,cc,dd,eeeee,ff'],
    ['0:aa,bb,cc'],
    ['0:aa'],
    ['0:bb'],
    ['0:cc'],
    ['0:dd'],
    ['0:eeeee'],
    ['0:ff'],
  ]);
  assert.deepEqual(ended, [
    ...['1 undefined', '1 undefined', '1 undefined', '1 undefined'],
    ...['1 refused', '1 undefined'],
  ]);
  await Promise.all([append(writer, 0, 'gg'), append(writer, 0, 'hh')]);
  assert.deepEqual(texts().slice(8), [['0:gg'], ['0:hh']]);
});

test('each batch is reported with its topic, records, seconds and error', async () => {
  const startedAt = performance.now();
  const ended: [string, number, number, string | undefined][] = [];
  const { writer } = await started(
    { script: ['written', 'not-authorized'] },
    { batchEnded: (...args) => ended.push([args[0], args[1], args[2], args[3]?.code]) },
  );
  await Promise.all([append(writer, 0, 'a'), append(writer, 0, 'b')]);
  await assert.rejects(append(writer, 0, 'c'));
  assert.deepEqual(
    ended.map(([name, records, , code]) => [name, records, code]),
    [
      [topic, 2, undefined],
      [topic, 1, 'refused'],
    ],
  );
  const passed = (performance.now() - startedAt) / 1_000;
  for (const [, , seconds] of ended) assert.ok(seconds > 0 && seconds <= passed, `${seconds}`);
});

test('close waits for the answers and then disconnects', async () => {
  const { fake, writer } = await started({ hold: true });
  const answers = [append(writer, 0, 'a'), append(writer, 1, 'b')];
  await turn();
  const closed = writer.close();
  fake.answer(0);
  await answers[0];
  await turn();
  assert.equal(fake.disconnected(), 0);
  fake.answer(1);
  await closed;
  assert.equal(fake.disconnected(), 1);
  await writer.close();
});

test('a start that the brokers reject for its credentials is an authentication error, any other is itself', async () => {
  const { brokers } = createFakeBrokers();
  for (const [error, expected] of [
    [protocolError('SASL_AUTHENTICATION_FAILED'), AuthenticationError],
    [protocolError('NETWORK_EXCEPTION'), /NETWORK_EXCEPTION/],
  ] as const) {
    const createProducer = () => ({
      ...brokers.createProducer(),
      connect: () => Promise.reject(error),
    });
    const writer = writerOn({ ...createFakeBrokers(), brokers: { ...brokers, createProducer } });
    await assert.rejects(writer.start([topic]), expected);
  }
});

test('the client that sends is asked for metadata when the brokers know other partitions, and for nothing else', async () => {
  const { brokers } = createFakeBrokers();
  let partitions = 1;
  const metadata = (leader: number) =>
    Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader }) as never);
  const asked: number[] = [];
  const writer = writerOn({
    ...createFakeBrokers(),
    brokers: {
      ...brokers,
      partitionMetadata: async ([name = '']) =>
        new Map(partitions > 0 ? [[name, metadata(1)]] : []),
      createProducer: () => ({
        ...brokers.createProducer(),
        async refreshMetadata() {
          asked.push(partitions);
          // It may fail: a write to an unknown partition asks again.
          throw new Error('no broker');
        },
      }),
    },
  });
  assert.equal(writer.partitionCount('t'), undefined);
  await writer.refresh(['t']);
  assert.deepEqual(asked, [], 'nothing was sent to it yet');
  partitions = 2;
  await writer.start(['t']);
  for (const [now, expected] of [
    [2, [2]],
    [12, [2, 12]],
    [6, [2, 12, 6]],
  ] as const) {
    partitions = now;
    assert.deepEqual(await writer.refresh(['t']), new Set(['t']));
    assert.equal(writer.partitionCount('t'), now);
    assert.deepEqual(asked, expected);
  }
  partitions = 0;
  assert.deepEqual(await writer.refresh(['t']), new Set(), 'it was deleted');
});

test('each topic has its own producer, so that one that is missing holds up no other', async () => {
  const { fake, writer } = await started();
  await append(writer, 0, 'a');
  await writer.start(['other']);
  assert.equal(fake.producers(), 2);
  await writer.start(['other', topic]);
  assert.equal(fake.producers(), 2);
  await writer.close();
  assert.equal(fake.disconnected(), 2);
});

test('records appended in one turn are flushed once', async (context) => {
  const { writer } = await started();
  const { mock } = context.mock.method(globalThis, 'setImmediate');
  const answers = Array.from({ length: 5 }, () => append(writer, 0, 'x'));
  assert.equal(mock.callCount(), 1);
  await Promise.all(answers);
});

test('by default the broker may wait 5 s for replicas, batches are uncompressed, and nothing limits what is in flight', async () => {
  const sent: ProducerBatch[] = [];
  const producer = {
    connect: async () => {},
    async sendBatch(batch: ProducerBatch) {
      sent.push(batch);
      return [{ partition: 0, baseOffset: '4' }];
    },
  } as never as Producer;
  const client = { producer: () => producer, producesSent: () => 0 } as never as KafkaClient;
  const logger = createLogger({ name: 'test', level: 'silent' });
  const writer = createKafkaWriter(client, { logger });
  const answers = Array.from({ length: 2_000 }, () => append(writer, 0, 'x'));
  assert.equal((await Promise.all(answers)).at(-1), 2_003n);
  assert.deepEqual([sent[0]?.timeout, sent[0]?.compression], [5_000, 0]);
});

test('the last waiting record fails at its deadline too', async (context) => {
  stopClock(context);
  const { writer } = await started({ script: ['silence-after-append'] });
  const stuck = append(writer, 0, 'a', 1_000);
  await turn();
  const waiting = append(writer, 0, 'b', 1_000);
  context.mock.timers.tick(1_000);
  await assert.rejects(stuck, SendOutcomeUnknownError);
  await assert.rejects(waiting, BrokerUnavailableError);
});

test('a request has the earliest deadline of its partitions', async (context) => {
  stopClock(context);
  const { writer } = await started({ script: ['silence-after-append'] });
  const answers = [append(writer, 0, 'a', 500), append(writer, 2, 'b', 5_000)];
  await turn();
  context.mock.timers.tick(500);
  for (const answer of answers) await assert.rejects(answer, SendOutcomeUnknownError);
});

test('when an attempt fails, partitions that waited for its leader go at once', async (context) => {
  stopClock(context);
  const { fake, writer, texts } = await started({ hold: true, script: ['not-sent'] });
  void append(writer, 0, 'a').catch(nothing);
  await turn();
  void append(writer, 2, 'b').catch(nothing);
  await turn();
  fake.answer(0);
  await turn();
  await turn();
  assert.deepEqual(texts(), [['0:a'], ['2:b']]);
});
