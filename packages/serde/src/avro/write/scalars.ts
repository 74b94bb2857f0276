import avro from 'avsc';
import { type Tap, writeBigLong, writeLong } from '../tap.ts';
import { writeText } from '../text.ts';
import { type CheckHook, type Codable, refuse } from './avsc-type.ts';

const { types } = avro;
const minLong = -(2n ** 63n);
const maxLong = 2n ** 63n - 1n;

export class LongType extends types.LongType {
  _check(value: unknown, _flags: unknown, hook?: CheckHook): boolean {
    const fits =
      typeof value === 'bigint'
        ? value >= minLong && value <= maxLong
        : Number.isSafeInteger(value);
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    if (typeof value === 'number' && Number.isSafeInteger(value)) writeLong(tap, value);
    else if (typeof value === 'bigint' && this._check(value, 0)) writeBigLong(tap, value);
    else refuse();
  }
}

export class FloatType extends types.FloatType {
  _check(value: unknown, _flags: unknown, hook?: CheckHook): boolean {
    // A float rounds; it must not turn a finite number into infinity.
    const fits =
      typeof value === 'number' && (Number.isFinite(Math.fround(value)) || !Number.isFinite(value));
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    if (this._check(value, 0)) tap.writeFloat(value as number);
    else refuse();
  }
}

export class StringType extends types.StringType {
  _check(value: unknown, _flags: unknown, hook?: CheckHook): boolean {
    const fits = typeof value === 'string' && value.isWellFormed();
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'string' || !writeText(tap, value)) refuse();
  }
}

const { _write: writeBytes } = types.BytesType.prototype as unknown as Codable;

export class BytesType extends types.BytesType {
  _check(value: unknown, _flags: unknown, hook?: CheckHook): boolean {
    const fits = value instanceof Uint8Array;
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _write(tap: Tap, value: unknown): void {
    writeBytes.call(this, tap, asBuffer(value));
  }
}

/** Any bytes as what avsc takes; other values as they are. */
export function asBuffer(value: unknown): unknown {
  if (Buffer.isBuffer(value) || !(value instanceof Uint8Array)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
