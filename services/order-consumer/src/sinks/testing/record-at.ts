import type { KafkaMessage } from 'kafkajs';

/** A record at an offset, as kafkajs gives it. `fields` replaces its other fields. */
export function recordAt(offset: number, fields: Partial<KafkaMessage> = {}): KafkaMessage {
  return {
    key: null,
    value: null,
    timestamp: '1680745813045',
    offset: String(offset),
    attributes: 0,
    headers: {},
    ...fields,
  } as KafkaMessage;
}
