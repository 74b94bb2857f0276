import type { Codec, SchemaFormat } from '../codec.ts';
import { findJsonSchemaReadFaults } from '../compatibility/check-json-schema.ts';
import { DamagedFrameError, SchemaMismatchError } from '../errors.ts';
import { exactMember } from '../json/exact-json.ts';
import { aBoolean, checkOptions, oneOf } from '../option-checks.ts';
import type { SchemaRegistry } from '../registry/schema-registry.ts';
import { checkSchema } from '../schema-shapes.ts';
import type { Draft } from './drafts.ts';
import { type JsonForm, jsonForm } from './json-form.ts';
import { linkDefinition } from './link-definition.ts';
import { readJsonBody } from './read-json-body.ts';
import { compileValidator, type Validator } from './validator.ts';

/** Options of the JSON Schema format. */
export interface JsonSchemaFormatOptions {
  /**
   * Whether reading also rejects a body that does not match its schema. Default false, as in Java:
   * the writer has checked the value.
   */
  validateOnRead?: boolean;
  /**
   * The draft of a definition without `$schema`. Default: that of the Java library with the same frame,
   * `04` for Glue's (Everit's default, without `const` and `if`) and `07` for Confluent's.
   */
  draft?: Draft;
}

/**
 * JSON Schema: the body is JSON text in UTF-8, checked against the schema before it is written.
 *
 * Drafts 04, 06 and 07 are read as the Java library (Everit) reads them; 2019-09 and 2020-12 are supported
 * in addition. `$ref` may point into the definition and its references in the registry; no other document is
 * fetched. Patterns run by backtracking, so a hostile schema can be slow.
 *
 * Integers are exact: a bigint is written as its digits, and an integer that a number would round is read as
 * a bigint. `toJSON` is called; undefined members are left out.
 *
 * @throws TypeError an option is not what it may be
 */
export function jsonSchemaFormat(options: JsonSchemaFormatOptions = {}): SchemaFormat {
  checkFormatOptions('jsonSchemaFormat', options);
  const draftIn = (framing: SchemaRegistry['framing']) =>
    options.draft ?? (framing === 'confluent' ? '07' : '04');
  return {
    dataFormat: 'JSON',
    compile({ definition, references }, { framing, readerDefinition, readerReferences }) {
      const draft = draftIn(framing);
      const writer = compileJsonSchema(definition, { ...options, draft }, references);
      if (readerDefinition === undefined) return writer;
      const reader = compileJsonSchema(readerDefinition, { ...options, draft }, readerReferences);
      return { encode: writer.encode, decode: reader.decode };
    },
    findReadFaults: (reader, writer, { framing }) =>
      findJsonSchemaReadFaults(reader, writer, [draftIn(framing)]),
  };
}

function checkFormatOptions(owner: string, options: JsonSchemaFormatOptions): void {
  checkOptions(owner, options, {
    validateOnRead: aBoolean,
    draft: oneOf('04', '06', '07', '2019-09', '2020-12'),
  });
}

/**
 * A codec for one definition, without frame or registry.
 *
 * Encoding throws SchemaMismatchError; decoding throws DamagedFrameError (`bad-body`,
 * `nested-too-deeply`, and `not-by-schema` under `validateOnRead`).
 *
 * @throws TypeError the definition is not a text, or an option is not what it may be
 * @throws InvalidSchemaError the schema cannot be compiled; thrown by the first call that needs it
 */
export function compileJsonSchema(
  definition: string,
  options: JsonSchemaFormatOptions = {},
  references: readonly { name: string; definition: string }[] = [],
): Codec {
  checkSchema('compileJsonSchema', definition, references);
  checkFormatOptions('compileJsonSchema', options);
  const { validateOnRead = false, draft = '04' } = options;
  let validator: Validator | undefined;

  /** The JSON of a value that matches the schema. */
  function checked(value: unknown): JsonForm {
    validator ??= compileValidator(definition, draft, references);
    const form = jsonForm(value, validator.pointers);
    validator.check(form);
    return form;
  }

  return {
    encode(value, target, offset) {
      const form = checked(value);
      const text = JSON.stringify(form.json, form.hasBigint ? exactMember : undefined);
      const neededBytes = Buffer.byteLength(text);
      const missingBytes = offset + neededBytes - target.length;
      if (missingBytes > 0) return -missingBytes;
      return offset + target.write(text, offset);
    },

    decode(bytes, offset) {
      const value = readJsonBody(bytes, offset);
      if (validateOnRead) checkRead(value);
      return value;
    },
  };

  function checkRead(value: unknown): void {
    try {
      checked(value);
    } catch (error) {
      if (error instanceof SchemaMismatchError) throw new DamagedFrameError('not-by-schema');
      throw error;
    }
  }
}

/**
 * Checks that a definition is a usable JSON Schema, with the references that it uses.
 *
 * @param draft of a definition without `$schema`. Default `04`, as in Glue's frame
 * @throws TypeError the definition is not a text
 * @throws InvalidSchemaError
 */
export function checkJsonSchema(
  definition: string,
  references: readonly { name: string; definition: string }[] = [],
  draft: Draft = '04',
): void {
  checkSchema('checkJsonSchema', definition, references);
  linkDefinition(definition, draft, references);
}
