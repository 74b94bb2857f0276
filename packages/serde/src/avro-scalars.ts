import avro from 'avsc';
import { type Tap, writeBigLong, writeLong } from './avro-tap.ts';
import { writeText } from './avro-text.ts';
import { type CheckHook, refuse } from './avsc-type.ts';

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
