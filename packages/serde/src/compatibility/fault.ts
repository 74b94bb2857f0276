import { pointerOf } from '../json/json-pointer.ts';
import { keysOfPath, type Path } from './path.ts';

/**
 * Why data of the writer schema cannot be read with the reader schema. Comparisons find many faults that they drop, so the
 * texts of a fault are made when it is printed.
 */
export interface Fault {
  readonly type: string;
  readonly reader: Path;
  readonly writer: Path;
  readonly message: string | (() => string);
  /** The place in Avro's own notation. */
  readonly location?: () => string;
}

/** A fault as it is reported. */
export interface ReaderWriterFault {
  type: string;
  /** Place in the reader schema, in the notation of its format. */
  location: string;
  /** Absolute paths to the place in both schemas, as far as it exists. */
  readerLocation: string;
  writerLocation: string;
  message: string;
}

const maxMessageCharacters = 10_000;
/** Of the texts of all faults together. */
export const maxFaultCharacters = 1_000_000;

/**
 * Prints the faults of one question after the other, and of each question the first fault at least. Further faults are left
 * out when their texts have too many characters together.
 */
export function createFaultPrinter(limit = maxFaultCharacters) {
  let characters = 0;
  return (faults: readonly Fault[]): readonly ReaderWriterFault[] => {
    const printed: ReaderWriterFault[] = [];
    for (const fault of faults) {
      if (printed.length > 0 && characters > limit) break;
      const one = printFault(fault);
      for (const text of Object.values(one)) characters += text.length;
      printed.push(one);
    }
    return printed;
  };
}

/** The texts of a fault. */
export function printFault({ type, reader, writer, message, location }: Fault): ReaderWriterFault {
  const readerLocation = pointerOf(keysOfPath(reader));
  const text = typeof message === 'string' ? message : message();
  return {
    type,
    location: location?.() ?? readerLocation,
    readerLocation,
    writerLocation: pointerOf(keysOfPath(writer)),
    message: text.length > maxMessageCharacters ? `${text.slice(0, maxMessageCharacters)}…` : text,
  };
}
