import avro, { type Type as AvscType } from 'avsc';
import { readLong, type Tap, writeBigLong, writeLong } from './avro-tap.ts';
import { readText, writeText } from './avro-text.ts';
import { type CheckHook, type Codable, refuse } from './avsc-type.ts';
import { DamagedFrameError } from './errors.ts';

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
  _read(tap: Tap): number | bigint {
    return readLong(tap);
  }
  _write(tap: Tap, value: unknown): void {
    if (typeof value === 'number' && Number.isSafeInteger(value)) writeLong(tap, value);
    else if (typeof value === 'bigint' && this._check(value, 0)) writeBigLong(tap, value);
    else refuse();
  }
}

export class IntType extends types.IntType {
  _read(tap: Tap): number {
    const value = readLong(tap);
    if (value !== Number(value) || value !== (value | 0)) throw new DamagedFrameError('bad-body');
    return value;
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
  _copy(value: unknown): unknown {
    return defaultNumber(this, value);
  }
}

export class DoubleType extends types.DoubleType {
  _copy(value: unknown): unknown {
    return defaultNumber(this, value);
  }
}

// Definitions are parsed with bigints where a number would round; a default of these types rounds by right.
function defaultNumber(type: AvscType, value: unknown): unknown {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (!(type as Codable)._check(number)) refuse();
  return number;
}

export class StringType extends types.StringType {
  _check(value: unknown, _flags: unknown, hook?: CheckHook): boolean {
    const fits = typeof value === 'string' && value.isWellFormed();
    if (!fits && hook) hook(value, this);
    return fits;
  }
  _read(tap: Tap): string {
    return readText(tap);
  }
  _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'string' || !writeText(tap, value)) refuse();
  }
}
