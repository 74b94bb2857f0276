import type { RegisteredSchema } from '@order-stream/serde';
import { GrowingBytes } from '../../services/order-consumer/src/sinks/s3/growing-bytes.ts';
import { createJsonFormat } from '../../services/order-consumer/src/sinks/s3/json-file.ts';
import { debezium } from './change-events.ts';
import type { ForeignProcess } from './foreign-process.ts';
import { startJavaProgram } from './java-library.ts';

/**
 * The lines of Kafka Connect's JSON files for the values of a topic.
 *
 * @param converter reads the values
 * @throws ForeignError Connect refuses a value
 */
export type ConnectLines = (
  topic: string,
  converter: 'glue' | 'json',
  values: readonly Uint8Array[],
) => Promise<string[]>;

/** Starts Connect's converters with the registry at this endpoint. */
export async function startConnectLines(
  endpoint: string,
): Promise<{ linesOf: ConnectLines; close: ForeignProcess['close'] }> {
  const java = await startJavaProgram('ConnectLines.java', [endpoint], debezium);
  return {
    async linesOf(topic, converter, values) {
      const request = {
        topic,
        converter,
        values: values.map((value) => Buffer.from(value).toString('base64')),
      };
      return (await java.call<{ lines: string[] }>(request)).lines;
    },
    close: java.close,
  };
}

/** The lines of the S3 sink for decoded values. */
export function linesOfSink(values: readonly { value: unknown; schema: RegisteredSchema }[]) {
  const format = createJsonFormat();
  return values.map(({ value, schema }) => {
    const delivery = { record: {} as never, value, schema };
    const encoder = format.begin(delivery);
    const file = new GrowingBytes();
    encoder.append(delivery, file);
    encoder.finish(file);
    return file.drain().toString().slice(0, -1);
  });
}

/**
 * A line with each text in one form: Connect escapes characters beyond U+FFFF, and writes `\u001F` where JavaScript writes
 * `\u001f`. Everything else stays byte for byte.
 */
export function withoutEscapes(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"/g, (text) => JSON.stringify(JSON.parse(text)));
}

/** A line as a value, for comparisons that leave out the order of a map's entries. Numbers keep their digits. */
export function parsedLine(line: string): unknown {
  return JSON.parse(line, ((_: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' ? { number: exactDigits(source) } : value) as never);
}

/** The digits without zeros at the end, and the exponent: `1E-20` and `0.00000000000000000001` are one number. */
function exactDigits(number: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - kept.length;
  return `${sign}${kept}E${kept === '' ? 0 : power}`;
}
