import {
  BrokerUnavailableError,
  type KafkaError,
  refusals,
  SendRefusedError,
} from '@order-stream/runtime';
import type { Registry } from 'prom-client';
import { Counter, Gauge, Histogram } from 'prom-client';

/** The bucket boundaries that OpenTelemetry recommends for durations in seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

export type ProducerMetrics = ReturnType<typeof createProducerMetrics>;

/** The producer's metrics. The help texts tell the person on call what an increase means. */
export function createProducerMetrics(
  registry: Registry,
  topic: string,
  bytes: { inFlight: () => number; receiving: () => number },
) {
  const registers = [registry];
  const requestSeconds = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from request to response. An increase with steady send times means that the service lacks CPU.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code', 'error_type'],
    buckets,
    registers,
  });
  /** Cached by route and status. Without the cache, every request would allocate its labels. */
  const knownLabels = new Map<string, Map<number, ReturnType<typeof requestLabels>>>();
  function labelsOf(method: string, route: string, status: number) {
    let byStatus = knownLabels.get(route);
    if (!byStatus) {
      byStatus = new Map();
      knownLabels.set(route, byStatus);
    }
    let labels = byStatus.get(status);
    if (labels?.http_request_method !== method) {
      labels = requestLabels(method, route, status);
      byStatus.set(status, labels);
    }
    return labels;
  }
  let active = 0;
  new Gauge({
    name: 'http_server_active_requests',
    help: 'Requests without a response. An increase means that the brokers acknowledge more slowly than orders arrive.',
    registers,
    collect() {
      this.set(active);
    },
  });
  const sendSeconds = new Histogram({
    name: 'messaging_client_operation_duration_seconds',
    help: 'Time from sending a batch to its acknowledgement, retries included. An increase means slow or unavailable brokers.',
    labelNames: [
      'messaging_system',
      'messaging_operation_name',
      'messaging_operation_type',
      'messaging_destination_name',
      'error_type',
    ],
    buckets,
    registers,
  });
  const sent = new Counter({
    name: 'messaging_client_sent_messages_total',
    help: 'Records that the brokers acknowledged; with error_type, records that were not. Kafka’s own names, such as not-enough-replicas, are refusals that concern every record.',
    labelNames: [
      'messaging_system',
      'messaging_operation_name',
      'messaging_destination_name',
      'error_type',
    ],
    registers,
  });
  new Gauge({
    name: 'orders_producer_inflight_bytes',
    help: 'Bytes of accepted records without a response. At MAX_IN_FLIGHT_BYTES the service answers 503.',
    registers,
    collect() {
      this.set(bytes.inFlight());
    },
  });
  new Gauge({
    name: 'orders_producer_receiving_bytes',
    help: 'Bytes held for request bodies that have arrived in part. At MAX_IN_FLIGHT_BYTES the service answers the largest with 503.',
    registers,
    collect() {
      this.set(bytes.receiving());
    },
  });

  // rate() does not see the first event of a series that starts with it.
  for (const status of [201, 503]) requestSeconds.zero(requestLabels('POST', '/orders', status));
  for (const errorType of ['', 'broker-unavailable', 'outcome-unknown', 'refused', ...refusals])
    sent.inc(batchLabels(topic, errorType), 0);

  return {
    requestStarted() {
      active += 1;
    },
    requestEnded(method: string, route: string, status: number, seconds: number) {
      active -= 1;
      requestSeconds.observe(labelsOf(method, route, status), seconds);
    },
    batchEnded(topic: string, records: number, seconds: number, error?: KafkaError) {
      const labels = batchLabels(topic, errorTypeOf(error));
      sendSeconds.observe({ ...labels, messaging_operation_type: 'send' }, seconds);
      sent.inc(labels, records);
    },
  };
}

/** The broker's reason, if it concerns every write; else the error's code. */
function errorTypeOf(error: KafkaError | undefined): string {
  const isAnswer = error instanceof BrokerUnavailableError || error instanceof SendRefusedError;
  return (isAnswer ? error.refusal : undefined) ?? error?.code ?? '';
}

function requestLabels(method: string, route: string, status: number) {
  return {
    http_request_method: method,
    http_route: route,
    http_response_status_code: status,
    error_type: status >= 500 ? String(status) : '',
  };
}

function batchLabels(topic: string, errorType: string) {
  return {
    messaging_system: 'kafka',
    messaging_operation_name: 'send',
    messaging_destination_name: topic,
    error_type: errorType,
  };
}
