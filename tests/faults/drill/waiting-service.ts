import assert from 'node:assert/strict';
import type { ConsumerProcess } from '@order-stream/local-stack/consumer';
import type { ProducerProcess } from '@order-stream/local-stack/producer';
import { referenceOrder } from '@order-stream/local-stack/reference-order';
import { until } from '@order-stream/local-stack/until';

type Asked = Pick<ProducerProcess, 'faults'>;

/** Resolves when `/readyz` has a fault that begins with `start` and includes `reason`. */
export async function reports(service: Asked, start: string, reason: string): Promise<void> {
  await until(
    `readiness reports ${start} … ${reason}`,
    async () =>
      (await service.faults('/readyz')).some(
        (fault) => fault.startsWith(start) && fault.includes(reason),
      ),
    60_000,
  );
}

export async function ready(service: Asked): Promise<void> {
  await until(
    'the service is ready',
    async () => (await service.faults('/readyz')).length === 0,
    60_000,
  );
}

/** A producer that has not got its schema must refuse orders, so that nothing is written and the client may send again. */
export async function refusesOrders(producer: ProducerProcess): Promise<void> {
  const { status, headers, body } = await producer.post(referenceOrder);
  const { type, detail, retryable } = body;
  assert.deepEqual(
    { status, retryAfter: headers.get('retry-after'), type, detail, retryable },
    {
      status: 503,
      retryAfter: '1',
      type: 'urn:order-stream:problem:registry-unavailable',
      detail: 'nothing was written; send the order again',
      retryable: true,
    },
  );
}

/** Resolves when records of a schema version that the member does not know wait, and log and metrics say why. */
export async function holdsRecords(
  member: Pick<ConsumerProcess, 'faults' | 'metric' | 'logged' | 'managementUrl'>,
  topic: string,
  reason: string,
  errorType: string,
): Promise<void> {
  await reports(member, `${topic}/`, reason);
  await until(
    'partitions are paused',
    async () => (await member.metric('orders_consumer_paused_partitions')) > 0,
  );
  const metrics = await (await fetch(`${member.managementUrl}/metrics`)).text();
  assert.match(
    metrics,
    new RegExp(`messaging_process_duration_seconds_count{.*error_type="${errorType}"`),
  );
  const lines = member.logged('partition paused, trying again later');
  assert.ok(
    lines.some((line) => line.topic === topic && String(line.reason).includes(reason)),
    `the log names ${reason}`,
  );
}
