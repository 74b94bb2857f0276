import type { DataFormat } from '@order-stream/serde';
import { definitionJson } from '@order-stream/serde/compatibility';
import { avroNames } from '../avro-names.ts';
import { beginsStatement, protoWords } from '../proto-words.ts';
import { isObject } from './schema-keywords.ts';

/**
 * The name of what a definition defines: the full name of the first Avro type, the `$id`, `id` or `title` of a JSON Schema,
 * the full name of the first message of a .proto file.
 */
export function ownNameOf(dataFormat: DataFormat, definition: string): string | undefined {
  if (dataFormat === 'AVRO') return [...avroNames(definition).defined][0];
  if (dataFormat === 'PROTOBUF') return firstMessage(protoWords(definition));
  try {
    const root = definitionJson(definition);
    if (!isObject(root)) return undefined;
    return [root.$id, root.id, root.title].find(
      (name) => typeof name === 'string' && name !== '',
    ) as string | undefined;
  } catch {
    return undefined;
  }
}

function firstMessage(words: readonly string[]): string | undefined {
  const indexOf = (keyword: string) =>
    words.findIndex((word, i) => word === keyword && beginsStatement(words, i));
  const [at, start] = [indexOf('message'), indexOf('package')];
  if (at < 0) return undefined;
  const inPackage = start < 0 ? [] : [...words.slice(start + 1, words.indexOf(';', start)), '.'];
  return [...inPackage, words[at + 1]].join('');
}

// Two small definitions have most of these in common, whatever they describe.
const vocabulary = new Set(
  `type name namespace doc fields aliases default order symbols items values size logicalType record enum fixed array map
  null boolean int long float double bytes string schema id title description properties required additionalProperties
  definitions defs object integer number format minimum maximum syntax proto2 proto3 package import message oneof repeated
  optional reserved int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 bool true false http https json org draft 07
  04 06 schema# 1 2 3 4 5 6 7 8 9`.split(/\s+/),
);

/** The words by which a definition differs from others of its format. */
export function ownWords(definition: string): ReadonlySet<string> {
  const words = definition.match(/\w+/g) ?? [];
  return new Set(words.filter((word) => !vocabulary.has(word)));
}

/** The part of the words that two definitions have in common, from 0 to 1. */
export function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((word) => other.has(word)).length;
  return common / Math.max(one.size, other.size, 1);
}
