import { DamagedFrameError } from '../errors.ts';
import { integerOf } from './integers.ts';
import { misfit } from './misfit.ts';
import type { MessageType, ValueType } from './proto-file.ts';

/** Converts a well-known type between its message and its special forms. */
export interface WellKnownType {
  /**
   * The message for a value; a message is returned unchanged. `asJson`: rejects a value without a JSON form.
   */
  toMessage(value: unknown, asJson: boolean): unknown;
  /** The plain value of a message. Absent: the message itself. */
  fromMessage?(message: Message): unknown;
  /** The value in the Protobuf JSON mapping. Absent: as `fromMessage`. */
  toJson?(message: Message): unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: the fields depend on the type
type Message = Record<string, any>;

const wrapper: WellKnownType = {
  toMessage: (value) =>
    value === null || (isMessage(value) && 'value' in value) ? value : { value },
  fromMessage: ({ value }) => value,
};

const timestamp: WellKnownType = {
  toMessage(given, asJson) {
    const value =
      given instanceof Date
        ? timestampOf(given)
        : typeof given === 'string'
          ? timestampFrom(given)
          : given;
    if (asJson && isMessage(value) && isOutsideYears(value)) misfit('google.protobuf.Timestamp');
    return value;
  },
  toJson(message) {
    if (isOutsideYears(message)) throw new DamagedFrameError('bad-body');
    const { seconds, nanos } = message;
    const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
    return `${date}${fractionOf(nanos)}Z`;
  },
};

/** Whether it is outside the years of RFC 3339, 1 to 9999. Java's printer fails there too. */
function isOutsideYears(message: Message): boolean {
  const [seconds, nanos] = partsOf(message);
  if (seconds < -62_135_596_800 || seconds >= 253_402_300_800) return true;
  return nanos < 0 || nanos > 999_999_999;
}

/** NaN for a value that is not an integer, which the field itself rejects. */
function partsOf({ seconds, nanos }: Message): [number, number] {
  const numberFrom = (value: unknown) =>
    Number(integerOf(value ?? 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY) ?? Number.NaN);
  return [numberFrom(seconds), numberFrom(nanos)];
}

function timestampOf(date: Date): Message {
  const ms = date.getTime();
  if (Number.isNaN(ms)) misfit('google.protobuf.Timestamp');
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: (ms - seconds * 1000) * 1e6 };
}

const timestampText = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

function timestampFrom(text: string): Message {
  const [, time, fraction = '', zone] = timestampText.exec(text) ?? [];
  const ms = Date.parse(`${time}${zone}`);
  // `Date` turns February 30 into a day of March.
  const day = Number(time?.slice(8, 10));
  const isDay = new Date(`${time}Z`).getUTCDate() === day && !time?.startsWith('0000');
  if (Number.isNaN(ms) || !isDay) misfit('google.protobuf.Timestamp');
  return { seconds: ms / 1000, nanos: Number(fraction.padEnd(9, '0')) };
}

const duration: WellKnownType = {
  toMessage(given, asJson) {
    const value = typeof given === 'string' ? durationFrom(given) : given;
    if (asJson && isMessage(value) && isOutsideDurations(value)) misfit('google.protobuf.Duration');
    return value;
  },
  toJson(message) {
    if (isOutsideDurations(message)) throw new DamagedFrameError('bad-body');
    const [seconds, nanos] = partsOf(message);
    const sign = seconds < 0 || nanos < 0 ? '-' : '';
    return `${sign}${Math.abs(seconds)}${fractionOf(Math.abs(nanos))}s`;
  },
};

/** Whether Java's printer rejects it. */
function isOutsideDurations(message: Message): boolean {
  const [seconds, nanos] = partsOf(message);
  if (Math.abs(seconds) > 315_576_000_000 || Math.abs(nanos) > 999_999_999) return true;
  return seconds * nanos < 0;
}

function durationFrom(text: string): Message {
  const [, sign, seconds, fraction = ''] = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(text) ?? [];
  if (seconds === undefined) misfit('google.protobuf.Duration');
  const factor = sign ? -1 : 1;
  return {
    seconds: factor * Number(seconds) || 0,
    nanos: factor * Number(fraction.padEnd(9, '0')) || 0,
  };
}

/** Prints groups of three digits, as Java does. */
function fractionOf(nanos: number): string {
  if (nanos === 0) return '';
  return `.${String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '')}`;
}

const fieldMask: WellKnownType = {
  toMessage(value) {
    if (typeof value !== 'string') return value;
    const snake = (path: string) => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return { paths: value === '' ? [] : value.split(',').map(snake) };
  },
  toJson: ({ paths }) =>
    paths
      .map((path: string) => path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
      .join(','),
};

// The next three are JSON values in both mappings.
const struct: WellKnownType = {
  toMessage: (value) => (isMessage(value) ? { fields: value } : misfit('google.protobuf.Struct')),
  fromMessage: ({ fields }) => fields,
};

const list: WellKnownType = {
  toMessage: (value) =>
    Array.isArray(value) ? { values: value } : misfit('google.protobuf.ListValue'),
  fromMessage: ({ values }) => values,
};

const anyValue = (message: Message): unknown => {
  const [kind] = Object.keys(message);
  return kind === undefined || kind === 'nullValue' ? null : message[kind];
};

const jsonValue: WellKnownType = {
  toMessage(value, asJson) {
    switch (typeof value) {
      case 'number':
        if (asJson && !Number.isFinite(value)) misfit('google.protobuf.Value');
        return { numberValue: value };
      case 'string':
        return { stringValue: value };
      case 'boolean':
        return { boolValue: value };
      case 'object':
        if (value === null) return { nullValue: 'NULL_VALUE' };
        return Array.isArray(value) ? { listValue: value } : { structValue: value };
      default:
        return misfit('google.protobuf.Value');
    }
  },
  fromMessage: anyValue,
  toJson(message) {
    // Infinity and NaN, which Java does not print either.
    if (typeof message.numberValue === 'string') throw new DamagedFrameError('bad-body');
    return anyValue(message);
  },
};

const wellKnownTypes = new Map<string, WellKnownType>([
  ['google.protobuf.Timestamp', timestamp],
  ['google.protobuf.Duration', duration],
  ['google.protobuf.FieldMask', fieldMask],
  ['google.protobuf.Struct', struct],
  ['google.protobuf.ListValue', list],
  ['google.protobuf.Value', jsonValue],
  ...['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map(
    (name) => [`google.protobuf.${name}Value`, wrapper] as const,
  ),
]);

export function wellKnownType(type: MessageType): WellKnownType | undefined {
  return wellKnownTypes.get(type.fullName);
}

/** Whether null is a value of the type. For every other type null means that the field is absent. */
export function acceptsNull(type: ValueType): boolean {
  if (type.kind === 'scalar') return false;
  const { fullName } = type.type;
  return fullName === 'google.protobuf.Value' || fullName === 'google.protobuf.NullValue';
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) && !(value instanceof Uint8Array);
}
