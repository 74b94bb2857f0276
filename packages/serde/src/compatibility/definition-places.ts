import { keysOf } from '../json/json-pointer.ts';
import { readJson, type TextPart } from '../json/json-text.ts';
import type { DataFormat } from '../registry/schema-registry.ts';
import { avroDefinitions } from './avro-definitions.ts';
import { protobufPlaces } from './protobuf-places.ts';

/** A part of a text, in UTF-16 offsets: `text.slice(start, end)`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the place of an `Incompatibility` or a `MeaningChange` in the text of a definition, comments and all. Pass
 * `newLocation` with the new text, `previousLocation` with the previous one. A place is a member with its key, an element
 * of an array, or a declaration of a .proto file. Where the text has no such place, it is the nearest one around it.
 *
 * @param definition a text that the check accepted
 * @returns a function from a location to its place; `undefined` for the whole of a definition
 * @throws JsonTextError, InvalidSchemaError the text is not a definition of the format
 */
export function definitionPlaces(
  dataFormat: DataFormat,
  definition: string,
): (location: string) => TextRange | undefined {
  if (dataFormat === 'PROTOBUF') return protobufPlaces(definition);
  const whole: TextPart = { start: 0, end: 0 };
  const json = readJson(definition, whole);
  const definitions = dataFormat === 'AVRO' ? avroDefinitions(json, whole) : undefined;
  return (location) => {
    let part = whole;
    for (const key of keysOf(location)) {
      const next = part.parts?.get(key) ?? definitions?.(part)?.parts?.get(key);
      if (next === undefined) break;
      part = next;
    }
    return part === whole ? undefined : { start: part.start, end: part.end };
  };
}
