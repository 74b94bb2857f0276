import type { DataFormat } from './registry/schema-registry.ts';

/**
 * One class per decision that a caller takes. No error contains any part of a record, because errors end up in
 * logs and in dead-letter headers.
 */

/** Base of every error of this package. `code` is stable; `retryable` means that the same call may succeed later. */
export class SerdeError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, retryable: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.retryable = retryable;
  }
}

/** These bytes will never decode, however often they are read: the record belongs in a dead-letter topic. */
export class UndecodableError extends SerdeError {
  /** From the frame's header, where it could be read: UUID text, or the decimal text of a Confluent frame's id. */
  schemaVersionId: string | undefined;

  constructor(code: string, message: string, schemaVersionId?: string, options?: ErrorOptions) {
    super(code, false, message, options);
    this.schemaVersionId = schemaVersionId;
  }
}

/** The first byte does not begin a known frame. The value may be plain JSON, or another serializer's record. */
export class NotAFrameError extends UndecodableError {
  /** `undefined` for an empty value. */
  readonly firstByte: number | undefined;

  constructor(firstByte: number | undefined) {
    super(
      'not-a-frame',
      firstByte === undefined
        ? 'the value is empty'
        : `not a frame: the first byte is ${firstByte}`,
    );
    this.firstByte = firstByte;
  }
}

/** What is wrong with a frame or its body. */
export type Damage =
  | 'short-header'
  | 'bad-id-header'
  | 'unknown-compression'
  | 'bad-zlib'
  | 'inflates-too-far'
  | 'truncated-body'
  | 'trailing-bytes'
  | 'bad-body'
  | 'not-by-schema'
  | 'nested-too-deeply';

/** The first byte is that of a frame, but the frame was cut or altered, or does not match its schema version. */
export class DamagedFrameError extends UndecodableError {
  readonly damage: Damage;

  constructor(damage: Damage, schemaVersionId?: string) {
    super('damaged-frame', `damaged frame: ${damage}`, schemaVersionId);
    this.damage = damage;
  }
}

/** The registry answered that it has no such schema version. */
export class UnknownSchemaError extends UndecodableError {
  constructor(schemaVersionId: string, options?: ErrorOptions) {
    super(
      'unknown-schema',
      `the registry has no schema version ${schemaVersionId}`,
      schemaVersionId,
      options,
    );
  }
}

/** The definition cannot be compiled, or its data format is not one that this package supports. */
export class InvalidSchemaError extends UndecodableError {
  constructor(reason: string, schemaVersionId?: string) {
    super('invalid-schema', `unusable schema: ${reason}`, schemaVersionId);
  }
}

/**
 * The schema has a data format that is not among the `formats` of the serializer or deserializer. The record may be good and
 * the configuration is at fault, so this is not an `UndecodableError`: load the format, then read the record again.
 */
export class FormatNotLoadedError extends SerdeError {
  readonly dataFormat: DataFormat;
  /** UUID text, or the decimal text of a Confluent frame's id. */
  readonly schemaVersionId: string | undefined;

  constructor(dataFormat: DataFormat, schemaVersionId?: string) {
    const version = schemaVersionId === undefined ? '' : ` of schema version ${schemaVersionId}`;
    super(
      'format-not-loaded',
      false,
      `data format ${dataFormat}${version} is not loaded: add ${loadedBy[dataFormat]} to 'formats'`,
    );
    this.dataFormat = dataFormat;
    this.schemaVersionId = schemaVersionId;
  }
}

const loadedBy: Record<DataFormat, string> = {
  AVRO: 'avroFormat() of @order-stream/serde',
  JSON: 'jsonSchemaFormat() of @order-stream/serde/json-schema',
  PROTOBUF: 'protobufFormat() of @order-stream/serde/protobuf',
};

/** The record is valid, but has a branch, a symbol or a type that the reader schema does not have. */
export class ReaderSchemaMismatchError extends UndecodableError {
  readonly reason: string;

  constructor(reason: string) {
    super('reader-schema-mismatch', `the record does not fit the reader schema: ${reason}`);
    this.reason = reason;
  }
}

/** The value does not fit the schema that it is written with. */
export class SchemaMismatchError extends SerdeError {
  /**
   * JSON pointer (RFC 6901) to the first wrong field of the value; `''` is the value itself, and `*` replaces
   * a key that is not in the schema, such as a key of a map.
   */
  readonly pointer: string;
  /** What the schema has there, for example `long` or `order.v1.OrderItem`. */
  readonly expected: string;

  constructor(pointer: string, expected: string) {
    super('schema-mismatch', false, `expected ${expected} at '${pointer}'`);
    this.pointer = pointer;
    this.expected = expected;
  }
}

/**
 * The registry rejects the definition: incompatible with earlier versions, malformed, or over a quota. Or a Glue schema
 * of this name has another data format. With `useLatestVersion`: the newest version cannot read what the definition
 * writes.
 */
export class SchemaRefusedError extends SerdeError {
  readonly schemaName: string;
  /** The number of the rejected version, if the registry assigned one; with `useLatestVersion` that of the newest version. */
  readonly versionNumber: number | undefined;
  readonly schemaVersionId: string | undefined;
  /**
   * The registry's own words, or the two data formats; with `useLatestVersion` the places where the definition and the
   * newest version differ.
   */
  readonly reason: string;

  constructor(
    refusal: Pick<SchemaRefusedError, 'schemaName' | 'reason'> &
      Partial<Pick<SchemaRefusedError, 'versionNumber' | 'schemaVersionId'>>,
    options?: ErrorOptions,
    message = `the registry refuses schema ${refusal.schemaName}: ${refusal.reason}`,
  ) {
    const { schemaName, reason } = refusal;
    super('schema-refused', false, message, options);
    this.schemaName = schemaName;
    this.reason = reason;
    this.versionNumber = refusal.versionNumber;
    this.schemaVersionId = refusal.schemaVersionId;
  }
}

/** The reason of a `SchemaNotRegisteredError` when a definition was to be written. */
export const autoRegistrationIsOff = 'has no such version and auto-registration is off';

/** There is no such schema or version, and this client may not register it (auto-registration is off) or was not asked to. */
export class SchemaNotRegisteredError extends SerdeError {
  readonly schemaName: string;

  constructor(
    schemaName: string,
    options?: ErrorOptions,
    reason = 'is not registered, or has no such version',
  ) {
    super('schema-not-registered', false, `schema ${schemaName} ${reason}`, options);
    this.schemaName = schemaName;
  }
}

/** The registry was still checking the version when the time limit ended. */
export class SchemaPendingError extends SerdeError {
  readonly schemaName: string;
  readonly schemaVersionId: string;

  constructor(schemaName: string, schemaVersionId: string, waitedMs: number) {
    super(
      'schema-pending',
      true,
      `schema ${schemaName} version ${schemaVersionId} is still PENDING after ${waitedMs} ms`,
    );
    this.schemaName = schemaName;
    this.schemaVersionId = schemaVersionId;
  }
}

/** The registry did not answer, throttled the request, or had an error of its own (5xx). */
export class RegistryUnavailableError extends SerdeError {
  constructor(reason: string, options?: ErrorOptions) {
    super('registry-unavailable', true, `registry unavailable: ${reason}`, options);
  }
}

/** Credentials missing, expired, or not allowed to make this call. */
export class RegistryAccessError extends SerdeError {
  constructor(reason: string, options?: ErrorOptions) {
    super('registry-access', false, `registry access refused: ${reason}`, options);
  }
}

/** The registry rejected the request for another reason: a configuration error that no retry solves. */
export class RegistryRequestError extends SerdeError {
  constructor(reason: string, options?: ErrorOptions) {
    super('registry-request', false, `the registry refused the request: ${reason}`, options);
  }
}
