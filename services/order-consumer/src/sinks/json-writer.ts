import { isUtf8 } from 'node:buffer';

const quote = 0x22;
const backslash = 0x5c;
const firstPrintable = 0x20;
const firstNonAscii = 0x80;
const digitZero = 0x30;
const initialBytes = 64 * 1024;
/** Maximum bytes for one UTF-16 code unit or one byte of a string: `\u0000`. */
const longestEscape = 6;

/**
 * Writes JSON text directly as bytes. Concatenating the thirty pieces of a line as strings costs three times as much: each
 * piece is an object, and the result is copied once more.
 */
export class JsonWriter {
  #bytes = Buffer.allocUnsafeSlow(initialBytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Discards everything after the first `length` bytes. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** A view that is valid until the next write. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Bytes that are already JSON. Constant text is passed as bytes because encoding characters costs more. */
  raw(source: Uint8Array): void {
    this.#reserve(source.length).set(source, this.#length);
    this.#length += source.length;
  }

  /** ASCII text that needs no escaping: punctuation, digits, base64. */
  ascii(text: string): void {
    const { length } = text;
    const bytes = this.#reserve(length);
    let at = this.#length;
    for (let i = 0; i < length; i += 1) bytes[at++] = text.charCodeAt(i);
    this.#length = at;
  }

  /** An integer with all its digits, or a finite number as JSON prints it. */
  number(value: number | bigint): void {
    if (typeof value !== 'number' || value !== (value | 0) || value < 0) {
      this.ascii(String(value));
      return;
    }
    let digits = 1;
    for (let rest = value; rest > 9; rest = (rest / 10) | 0) digits += 1;
    this.digits(value, digits);
  }

  /** The last `count` decimal digits of an integer from 0 to 2^31 - 1. */
  digits(value: number, count: number): void {
    const bytes = this.#reserve(count);
    let rest = value;
    for (let at = this.#length + count - 1; at >= this.#length; at -= 1) {
      const shorter = (rest / 10) | 0;
      bytes[at] = digitZero + rest - shorter * 10;
      rest = shorter;
    }
    this.#length += count;
  }

  string(text: string): void {
    const { length } = text;
    const bytes = this.#reserve(longestEscape * length + 2);
    let at = this.#length;
    bytes[at++] = quote;
    for (let i = 0; i < length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit < firstPrintable || unit >= firstNonAscii) {
        this.#length += bytes.write(JSON.stringify(text), this.#length);
        return;
      }
      if (unit === quote || unit === backslash) bytes[at++] = backslash;
      bytes[at++] = unit;
    }
    bytes[at++] = quote;
    this.#length = at;
  }

  /** Bytes as a string when they are UTF-8, else as `{"base64":"…"}`. */
  text(source: Uint8Array): void {
    const { length } = source;
    const bytes = this.#reserve(longestEscape * length + 2);
    let at = this.#length;
    bytes[at++] = quote;
    for (let i = 0; i < length; i += 1) {
      const byte = source[i] as number;
      if (byte < firstPrintable || byte >= firstNonAscii) {
        this.#nonAsciiText(source);
        return;
      }
      if (byte === quote || byte === backslash) bytes[at++] = backslash;
      bytes[at++] = byte;
    }
    bytes[at++] = quote;
    this.#length = at;
  }

  /** Bytes as a base64 string. */
  base64(source: Uint8Array): void {
    const text = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    this.ascii(`"${text.toString('base64')}"`);
  }

  #nonAsciiText(source: Uint8Array): void {
    if (isUtf8(source)) {
      this.string(Buffer.from(source).toString());
      return;
    }
    this.ascii('{"base64":');
    this.base64(source);
    this.ascii('}');
  }

  #reserve(bytes: number): Buffer {
    if (this.#length + bytes > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#length + bytes));
      larger.set(this.written());
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}
