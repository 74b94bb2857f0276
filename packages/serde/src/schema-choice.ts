import {
  aBoolean,
  aDataFormat,
  anything,
  aText,
  checkOptions,
  kindOf,
  type OptionShape,
  oneOf,
} from './option-checks.ts';
import type { RecordPart } from './registry/schema-name.ts';
import type { DataFormat } from './registry/schema-registry.ts';
import { isTyped, type TypedSchema } from './typed-schema.ts';

/** The schema that a value is written with: a definition, or a version that is already registered. */
export type SchemaChoice = {
  /** Default `value`. */
  part?: RecordPart;
  /** Protobuf: name of the message. Default: see `CodecOptions`. */
  message?: string;
  /** With `schemaIdIn: 'header'`: the headers of the record, to which the header with the schema id is added. */
  headers?: Record<string, unknown>;
} & (
  | {
      /** The definition's text. Pass the same string every time, so that finding its version costs one comparison. */
      schema: string;
      schemaVersionId?: undefined;
      useLatestVersion?: false;
      /** Default `AVRO`. */
      dataFormat?: DataFormat;
    }
  | {
      /**
       * Writes with the newest version that is registered, and never registers one, as Confluent's `use.latest.version` with
       * `auto.register.schemas=false`. A newer version is used within about 6 minutes, unless it cannot read what `schema`
       * writes.
       */
      useLatestVersion: true;
      /** The definition that the values are made for. The newest version must be able to read what it writes. Default none. */
      schema?: string;
      schemaVersionId?: undefined;
      /** Whether `schema` is compared with the newest version, as Confluent's `latest.compatibility.strict`. Default `true`. */
      latestCompatibilityStrict?: boolean;
      /** Of `schema`, or of the values without a `schema`. Default: that of the newest version. */
      dataFormat?: DataFormat;
    }
  | {
      schema?: undefined;
      useLatestVersion?: false;
      /** UUID text; for a Confluent-compatible registry the decimal text of the id. */
      schemaVersionId: string;
    }
);

/** A typed schema that a value is written with. */
export interface TypedChoice<Input> {
  /** Default `value`. */
  part?: RecordPart;
  /** Brings its own format, so `formats` need not have it. */
  schema: TypedSchema<unknown, Input>;
  schemaVersionId?: undefined;
  /** As in `SchemaChoice`. The representation of the values is that of `schema`. */
  useLatestVersion?: boolean;
  latestCompatibilityStrict?: boolean;
  message?: undefined;
  /** As in `SchemaChoice`. */
  headers?: Record<string, unknown>;
}

export type AnyChoice = SchemaChoice | TypedChoice<never>;

/** The members that only some choices have. */
export interface EveryChoice {
  useLatestVersion?: boolean;
  latestCompatibilityStrict?: boolean;
  dataFormat?: DataFormat;
}

/** The options of a choice. */
export const choiceShapes: Readonly<Record<string, OptionShape>> = {
  part: oneOf('value', 'key'),
  message: aText,
  headers: anything,
  schema: {
    expected: 'the text of a definition or a typed schema',
    accepts: (value) =>
      typeof value === 'string' ||
      (isTyped(value) &&
        typeof value.definition === 'string' &&
        typeof value.format?.compile === 'function'),
  },
  schemaVersionId: aText,
  useLatestVersion: aBoolean,
  latestCompatibilityStrict: aBoolean,
  dataFormat: aDataFormat,
};

/** @throws TypeError the topic is not a text, or the choice does not name one schema */
export function checkChoice(topic: string, choice: AnyChoice): void {
  if (typeof topic !== 'string')
    throw new TypeError(`topic: expected a text, got ${kindOf(topic)}`);
  checkOptions('schema choice', choice, choiceShapes);
  const { schema, schemaVersionId, useLatestVersion = false } = choice;
  const named = [schema !== undefined || useLatestVersion, schemaVersionId !== undefined];
  if (named.filter(Boolean).length !== 1)
    throw new TypeError(
      'schema choice: expected either schema, schemaVersionId or useLatestVersion: true (which schema may go with)',
    );
  const { dataFormat, latestCompatibilityStrict } = choice as EveryChoice;
  const isOfText = typeof schema === 'string' || (schema === undefined && useLatestVersion);
  if (dataFormat !== undefined && !isOfText)
    throw new TypeError(
      'schema choice: dataFormat needs a schema given as a text, or useLatestVersion: true',
    );
  if (latestCompatibilityStrict !== undefined && !useLatestVersion)
    throw new TypeError('schema choice: latestCompatibilityStrict needs useLatestVersion: true');
}
