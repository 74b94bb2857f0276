import { printable } from '../output/printable.ts';
import type { Style } from '../output/style.ts';
import type { Content } from '../records/record-decoder.ts';
import { headerText, isoTime, type ShownRecord, textOf } from '../records/record-line.ts';
import type { DeadLetter } from './dead-letter.ts';
import { originOf } from './letter-view.ts';

const bytesPerLine = 32;
const mostBytes = 1024;
const labelWidth = 19;

/** One dead letter for a person: where from, why, its headers, its key and its value. Ends with a newline. */
export function letterText(
  { record, key, value }: ShownRecord,
  letter: DeadLetter | undefined,
  style: Style,
): string {
  const { topic, partition, offset, timestampMs } = record;
  const rows: [string, string][] = [
    ['place', `${topic}/${partition}@${offset}  ${isoTime(timestampMs)}`],
  ];
  if (letter !== undefined) {
    const { reason, error, origin, replayed, details } = letter;
    rows.push(
      ['reason', reason],
      ['error', `${error.name}: ${error.message}`],
      ['origin', `${originOf(letter)}  ${isoTime(origin.timestampMs)}`],
      ...Object.entries(details),
      ['replayed', String(replayed)],
    );
  } else rows.push(['reason', 'not a dead letter of the consumer: its headers are missing']);
  const lines = rows.map(([label, text]) => labelled(label, printable(text)));
  lines.push(...partOf('key', key, style), ...partOf('value', value, style), 'headers');
  for (const [name, values] of Object.entries(record.headers))
    for (const one of [values].flat())
      lines.push(`  ${printable(name)}: ${printable(textOfHeader(one))}`);
  return `${lines.join('\n')}\n`;
}

function labelled(label: string, text: string): string {
  return `${label.padEnd(labelWidth)}  ${text}`;
}

function textOfHeader(value: Buffer | string | null | undefined): string {
  const text = headerText(value);
  if (typeof text === 'string') return text;
  return text === null ? 'null' : `0x${Buffer.from(value as Buffer).toString('hex')}`;
}

/** Decoded, or the reason and the bytes. */
function partOf(label: string, content: Content, style: Style): string[] {
  const first = labelled(label, textOf(content, style));
  return content.kind === 'undecodable' ? [first, ...hexLines(content.bytes)] : [first];
}

function hexLines(bytes: Buffer): string[] {
  const lines: string[] = [];
  const shown = bytes.subarray(0, mostBytes);
  for (let at = 0; at < shown.length; at += bytesPerLine) {
    const part = shown.subarray(at, at + bytesPerLine);
    // The printable characters of ASCII.
    const text = part.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.');
    const offset = at.toString(16).padStart(4, '0');
    lines.push(`  ${offset}  ${part.toString('hex').padEnd(2 * bytesPerLine)}  ${text}`);
  }
  if (bytes.length > shown.length)
    lines.push(`  … ${bytes.length - shown.length} more bytes: --json has all of them`);
  return lines;
}
