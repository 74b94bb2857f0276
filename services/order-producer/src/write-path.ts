import { setTimeout as delay } from 'node:timers/promises';
import { BrokerUnavailableError, type KafkaWriter, type Logger } from '@order-stream/runtime';
import { RegistryUnavailableError } from '@order-stream/serde';
import type { OrderEncoder } from './order-encoder.ts';

export type WritePath = ReturnType<typeof createWritePath>;

const firstRetryMs = 100;
const lastRetryMs = 2_000;
const watchEveryMs = 2_000;

/**
 * Knows whether an order can get through: brokers, topic, schema. It opens step by step and tries for ever, so
 * that no dependency has to be there first. The schema is needed once; after that a registry that is away harms
 * no order and does not show here.
 */
export function createWritePath(options: {
  writer: Pick<KafkaWriter, 'start' | 'refresh' | 'partitionCount' | 'faultOf'>;
  encoder: OrderEncoder;
  topic: string;
  logger: Logger;
}) {
  const { writer, encoder, topic, logger } = options;
  const stop = new AbortController();
  let brokerError: unknown = new BrokerUnavailableError('brokers not reached yet');
  let registryError: unknown = new RegistryUnavailableError('schema not looked up yet');
  const loops: Promise<void>[] = [];

  async function openSchema(): Promise<void> {
    const schemaVersionId = await encoder.prepare();
    registryError = undefined;
    logger.info({ topic, schemaVersionId }, 'schema ready');
  }

  async function openTopic(): Promise<void> {
    await writer.start([topic]);
    await lookAtTopic();
    logger.info({ topic, partitionCount: writer.partitionCount(topic) }, 'topic ready');
  }

  async function lookAtTopic(): Promise<void> {
    const found = await writer.refresh([topic]);
    if (!found.has(topic)) throw new BrokerUnavailableError(`topic ${topic} does not exist`);
    brokerError = undefined;
  }

  /** Runs `step` until it succeeds. */
  async function insist(
    step: () => Promise<void>,
    failed: (error: unknown) => void,
  ): Promise<void> {
    for (
      let waitMs = firstRetryMs;
      !stop.signal.aborted;
      waitMs = Math.min(waitMs * 2, lastRetryMs)
    ) {
      try {
        return await step();
      } catch (error) {
        failed(error);
        await pause(waitMs);
      }
    }
  }

  function pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: stop.signal }).catch(() => undefined);
  }

  function brokerFailed(error: unknown): void {
    logOnce(brokerError, error, 'brokers not ready');
    brokerError = error;
  }

  function registryFailed(error: unknown): void {
    logOnce(registryError, error, 'schema not ready');
    registryError = error;
  }

  /** Logs a fault once, not every few seconds. */
  function logOnce(before: unknown, error: unknown, message: string): void {
    if (textOf(before) !== textOf(error)) logger.warn({ reason: textOf(error), topic }, message);
  }

  async function watchBrokers(): Promise<void> {
    await insist(openTopic, brokerFailed);
    while (!stop.signal.aborted) {
      await pause(watchEveryMs);
      if (!stop.signal.aborted) await lookAtTopic().catch(brokerFailed);
    }
  }

  return {
    /** What a record needs to be written. @throws BrokerUnavailableError, or the registry's error, while not open */
    open() {
      if (registryError !== undefined) throw registryError;
      // Once open, the writer alone decides: a watch that has just failed does not reject orders.
      const partitionCount = writer.partitionCount(topic);
      if (partitionCount === undefined) throw asUnavailable(brokerError);
      return { partitionCount };
    },
    /** Names what is missing; empty when orders can be written. */
    faults: () => [
      ...(brokerError === undefined ? [] : [`brokers: ${textOf(brokerError)}`]),
      ...[writer.faultOf(topic)].filter((fault) => fault !== undefined),
      ...(registryError === undefined ? [] : [`schema registry: ${textOf(registryError)}`]),
    ],
    /** Opens the path and watches it until closed; never throws. */
    start() {
      loops.push(insist(openSchema, registryFailed), watchBrokers());
    },
    async close(): Promise<void> {
      stop.abort();
      await Promise.all(loops);
    },
  };
}

function asUnavailable(error: unknown): BrokerUnavailableError {
  return error instanceof BrokerUnavailableError
    ? error
    : new BrokerUnavailableError(textOf(error), error);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
