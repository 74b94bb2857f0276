import { printExactJson } from '@order-stream/serde';
import type { WriterSchema } from '../../delivery.ts';
import { compileAvroPrinter, type ValuePrinter } from '../avro-json.ts';
import { JsonWriter } from '../json-writer.ts';
import { connectLeaves } from './connect-json.ts';
import type { FileFormat } from './file-format.ts';

const newline = Buffer.from('\n');
/** A longer line is rare: its memory is not kept. */
const keptLineBytes = 1024 * 1024;

/** One value per line, as in the JSON files of Kafka Connect. */
export function createJsonFormat(): FileFormat {
  const printers = new WeakMap<WriterSchema, ValuePrinter>();
  let line = new JsonWriter();

  function printerOf(schema: WriterSchema): ValuePrinter {
    let print = printers.get(schema);
    if (!print) {
      print =
        schema.dataFormat === 'AVRO'
          ? compileAvroPrinter(schema.definition, schema.references, connectLeaves)
          : printPlain;
      printers.set(schema, print);
    }
    return print;
  }

  return {
    extension: 'json',
    contentType: 'application/json',
    begin: () => ({
      accepts: () => true,
      append({ schema, value }, file) {
        line.truncate(0);
        printerOf(schema)(line, value);
        line.raw(newline);
        file.append(line.written());
        if (line.length > keptLineBytes) line = new JsonWriter();
      },
      pendingBytes: () => 0,
      finish() {},
    }),
  };
}

function printPlain(out: JsonWriter, value: unknown): void {
  out.raw(Buffer.from(printExactJson(value)));
}
