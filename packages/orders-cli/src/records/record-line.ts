import { isUtf8 } from 'node:buffer';
import type { TopicRecord } from '@order-stream/runtime';
import { printExactJson } from '@order-stream/serde';
import { printable } from '../output/printable.ts';
import type { Style } from '../output/style.ts';
import type { Content } from './record-decoder.ts';

export interface ShownRecord {
  record: TopicRecord;
  key: Content;
  value: Content;
}

/**
 * One JSON object, with the members of the consumer's stdout sink, and `schema_version_id` or `undecodable` where they
 * apply. An integer has all its digits; bytes that are not text are `{"base64":"…"}`.
 */
export function jsonLine({ record, key, value }: ShownRecord): string {
  const { topic, partition, offset, timestampMs, timestampType, headers } = record;
  return `${printExactJson({
    topic,
    partition,
    offset,
    timestamp: isoTime(timestampMs),
    timestamp_type: timestampType,
    key: jsonOf(key),
    value: jsonOf(value),
    headers: headersOf(headers),
    ...(value.kind === 'value' &&
      value.schemaVersionId !== undefined && { schema_version_id: value.schemaVersionId }),
    ...(value.kind === 'undecodable' && { undecodable: value.error }),
  })}\n`;
}

/** One line for a person: time, place, key, value. */
export function textLine({ record, key, value }: ShownRecord, style: Style): string {
  const { topic, partition, offset, timestampMs } = record;
  const place = `${isoTime(timestampMs)}  ${topic}/${partition}@${offset}`;
  return `${style.dim(place)}  ${textOf(key, style)}  ${textOf(value, style)}\n`;
}

/** A key or value for a person, on one line. */
export function textOf(content: Content, style: Style): string {
  switch (content.kind) {
    case 'null':
      return style.dim('null');
    case 'value':
      return printable(printExactJson(content.value));
    case 'text':
      return printable(content.text);
    case 'bytes':
      return `0x${content.bytes.toString('hex')}`;
    case 'undecodable': {
      const { bytes, error } = content;
      return style.red(
        `undecodable, ${bytes.length} bytes: ${error.name}: ${printable(error.message)}`,
      );
    }
  }
}

export function jsonOf(content: Content): unknown {
  switch (content.kind) {
    case 'null':
      return null;
    case 'value':
      return content.value;
    case 'text':
      return content.text;
    default:
      return { base64: content.bytes.toString('base64') };
  }
}

/** Header values as the stdout sink has them: text where they are text; a name that occurs twice has a list. */
export function headersOf(headers: TopicRecord['headers']): object {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(headerText) : headerText(value),
    ]),
  );
}

export function headerText(value: Buffer | string | null | undefined): unknown {
  if (value === null || value === undefined || typeof value === 'string') return value ?? null;
  return isUtf8(value) ? value.toString() : { base64: value.toString('base64') };
}

/** ISO 8601; a timestamp outside the range of `Date` is printed as digits. */
export function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
