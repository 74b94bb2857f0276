import type { Codec, SchemaFormat } from '../codec.ts';
import { DamagedFrameError, SchemaMismatchError } from '../errors.ts';
import { exactMember } from '../json/exact-json.ts';
import type { Draft } from './drafts.ts';
import { type JsonForm, jsonForm } from './json-form.ts';
import { readJsonBody } from './read-json-body.ts';
import { compileValidator, type Validator } from './validator.ts';

/** How JSON Schema is handled. */
export interface JsonSchemaFormatOptions {
  /**
   * Whether a body that does not fit its schema is refused on reading too. Default false, as in Java:
   * what was written has been checked.
   */
  validateOnRead?: boolean;
  /**
   * The draft of a definition without `$schema`. Default that of the Java library whose frame it is:
   * `04` with Glue's (Everit's own default, which knows neither `const` nor `if`), `07` with Confluent's.
   */
  draft?: Draft;
}

/**
 * JSON Schema: the body is JSON text in UTF-8, checked against the schema before it is written.
 *
 * Drafts 04, 06 and 07 as the Java library reads them (Everit), 2019-09 and 2020-12 beyond it. `$ref` reaches into the definition and its
 * references in the registry; no other document is ever fetched. Patterns run by backtracking: a schema can be slow on purpose.
 *
 * Values: what JSON has. Integers are exact: a bigint is written as its digits, and an integer that a
 * number would round is read as a bigint. `toJSON` is followed; undefined members are left out.
 */
export function jsonSchemaFormat(options: JsonSchemaFormatOptions = {}): SchemaFormat {
  return {
    dataFormat: 'JSON',
    compile({ definition, references }, { framing }) {
      const draft = options.draft ?? (framing === 'confluent' ? '07' : '04');
      return compileJsonSchema(definition, { ...options, draft }, references);
    },
  };
}

/**
 * A codec of one definition, without frame or registry.
 *
 * Encoding throws SchemaMismatchError; decoding throws DamagedFrameError (`bad-body`,
 * `nested-too-deeply`, and `not-by-schema` under `validateOnRead`).
 *
 * @throws InvalidSchemaError on the first use that needs the schema, where it cannot be compiled
 */
export function compileJsonSchema(
  definition: string,
  options: JsonSchemaFormatOptions = {},
  references: readonly { name: string; definition: string }[] = [],
): Codec {
  const { validateOnRead = false, draft = '04' } = options;
  let validator: Validator | undefined;

  /** What JSON a value is, where it fits. */
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
 * Nothing, where the definition is a JSON Schema that can be used. Without `$schema` it is of draft-04.
 *
 * @throws InvalidSchemaError
 */
export function checkJsonSchema(definition: string): void {
  compileValidator(definition, '04');
}
