import type { DataFormat, SchemaText } from '@order-stream/serde';
import { faultOf } from './compatibility-check.ts';
import { namesIn } from './definition-names.ts';
import { draftOfFraming, type Framing } from './frame-flag.ts';

/** The lowest limit of nesting of this tool's parsers: deeper texts may be schemas for other programs. */
const maxDepth = 32;

/**
 * Whether a text that cannot be used is itself to blame, whatever the files contain that it refers to. Records may have been
 * written with a text that only lacks another file, or that nests too deeply for this tool.
 */
export function isOwnFault(
  dataFormat: DataFormat,
  { definition, references = [] }: SchemaText,
  framing: Framing,
): boolean {
  if (depthOf(definition) >= maxDepth) return false;
  const names = neededNames(dataFormat, definition, framing);
  if (names.length === 0) return true;
  // Only in Avro is every name that a text uses known from the text, so that a fault after the name can be told apart.
  const others = dataFormat === 'AVRO' ? references : [];
  const fault = faultOf(dataFormat, { definition, references: others }, framing);
  const replaced = names.map((name) => ({ name, definition: placeholders[dataFormat](name) }));
  return fault === faultOf(dataFormat, { definition, references: replaced }, framing);
}

/** The names that a text uses and that its files do not have, directly or indirectly. */
export function missingNames(
  dataFormat: DataFormat,
  { definition, references = [] }: SchemaText,
  framing: Framing,
): string[] {
  const texts = [definition, ...references.map((reference) => reference.definition)];
  const found = new Set(references.map(({ name }) => name));
  for (const text of dataFormat === 'AVRO' ? texts : [])
    for (const name of namesIn(dataFormat, text).defined) found.add(name);
  const needed = texts.flatMap((text) => neededNames(dataFormat, text, framing, found));
  return [...new Set(needed)];
}

/** The names that a text uses, does not define and that no library brings along. */
function neededNames(
  dataFormat: DataFormat,
  definition: string,
  framing: Framing,
  found: ReadonlySet<string> = new Set(),
): string[] {
  const { outer } = namesIn(dataFormat, definition, draftOfFraming(framing));
  return outer.flatMap(([name = '', ...others]) =>
    [name, ...others].some((one) => found.has(one)) || isBuiltIn(dataFormat, name, framing)
      ? []
      : [name],
  );
}

export function isBuiltIn(dataFormat: DataFormat, name: string, framing: Framing): boolean {
  if (dataFormat === 'AVRO') return false;
  const quoted = JSON.stringify(name);
  const definition =
    dataFormat === 'PROTOBUF' ? `syntax = "proto3"; import ${quoted};` : `{"$ref":${quoted}}`;
  return faultOf(dataFormat, { definition }, framing) === undefined;
}

const placeholders: Readonly<Record<DataFormat, (name: string) => string>> = {
  AVRO: (name) => JSON.stringify({ type: 'record', name, fields: [] }),
  PROTOBUF: () => 'syntax = "proto3";',
  JSON: () => '{}',
};

/** How many brackets are open at once, at most. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
