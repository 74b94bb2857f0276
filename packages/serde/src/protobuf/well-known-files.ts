import { createRequire } from 'node:module';
import protobuf from 'protobufjs';

interface WellKnownFile {
  /** In the package `google.protobuf`. */
  readonly types: Record<string, protobuf.AnyNestedObject>;
  readonly imports: readonly string[];
}

const prefix = 'google/protobuf/';
// protobufjs ships these as JSON files. Each file repeats some types of its imports (`foreign`), which would be
// defined twice.
const inFiles = new Map<string, { imports: string[]; foreign: string[] }>([
  ['descriptor', { imports: [], foreign: [] }],
  ['source_context', { imports: [], foreign: [] }],
  ['type', { imports: ['any', 'source_context'], foreign: ['Any', 'SourceContext'] }],
  ['api', { imports: ['source_context', 'type'], foreign: ['SourceContext', 'Option', 'Syntax'] }],
]);

/** Google's file of that name, which a definition may import without a reference. */
export function wellKnownFile(file: string): WellKnownFile | undefined {
  // protobufjs looks names up in a function object, which has a `name` and a `length` of its own.
  if (!file.startsWith(prefix)) return undefined;
  const known = protobuf.common.get(file);
  if (known) return { types: typesOf(known), imports: [] };
  const name = file.slice(prefix.length).replace(/\.proto$/, '');
  const inFile = inFiles.get(name);
  if (!inFile) return undefined;
  const types = typesOf(createRequire(import.meta.url)(`protobufjs/google/protobuf/${name}.json`));
  return {
    types: Object.fromEntries(
      Object.entries(types).filter(([type]) => !inFile.foreign.includes(type)),
    ),
    imports: inFile.imports.map((imported) => `${prefix}${imported}.proto`),
  };
}

function typesOf(json: protobuf.INamespace): WellKnownFile['types'] {
  // biome-ignore lint/suspicious/noExplicitAny: JSON of one shape, which the tests cover
  return (json as any).nested.google.nested.protobuf.nested;
}
