import type { KafkaMessage } from 'kafkajs';

type Header = NonNullable<KafkaMessage['headers']>[string];

/**
 * A copy of a record that is kept until it is stored. The bytes of a fetched record are part of the whole fetch response, so one
 * record would keep up to several MiB in memory, which the byte budget does not count.
 */
export function copiedRecord(record: KafkaMessage): KafkaMessage {
  // A fetched record reads its fields when asked, so none of them would be in a spread copy.
  const { key, value, timestamp, attributes, offset, headers = {} } = record;
  // Not by assignment: a header may be called `__proto__`.
  const copies = Object.entries(headers).map(([name, header]) => [name, copiedHeader(header)]);
  return {
    key: key && Buffer.from(key),
    value: value && Buffer.from(value),
    timestamp,
    attributes,
    offset,
    headers: Object.fromEntries(copies),
  };
}

// Kafka allows a header without a value, which is null: the types of kafkajs do not say so.
function copiedHeader(header: Header): Header {
  if (Array.isArray(header)) return header.map((one) => one && Buffer.from(one));
  return header && Buffer.from(header);
}

/** The bytes of a record's key, value and headers. */
export function bytesOf({ key, value, headers = {} }: KafkaMessage): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, header] of Object.entries(headers))
    for (const one of [header].flat()) bytes += name.length + (one?.length ?? 0);
  return bytes;
}
