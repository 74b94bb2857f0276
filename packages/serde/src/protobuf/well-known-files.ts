import { createRequire } from 'node:module';
import protobuf from 'protobufjs';

interface WellKnownFile {
  /** Of the package `google.protobuf`. */
  readonly types: Record<string, protobuf.AnyNestedObject>;
  readonly imports: readonly string[];
}

const prefix = 'google/protobuf/';
// protobufjs brings these as JSON besides the ones in its code. It puts some of what they import into
// the same JSON, where it would stand twice beside the file that it is of.
const inFiles = new Map<string, { imports: string[]; foreign: string[] }>([
  ['descriptor', { imports: [], foreign: [] }],
  ['source_context', { imports: [], foreign: [] }],
  ['type', { imports: ['any', 'source_context'], foreign: ['Any', 'SourceContext'] }],
  ['api', { imports: ['source_context', 'type'], foreign: ['SourceContext', 'Option', 'Syntax'] }],
]);

/** Google's own file of that name, which a definition may import without bringing it along. */
export function wellKnownFile(file: string): WellKnownFile | undefined {
  // protobufjs looks a name up in a function, which has a `name` and a `length` of its own.
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
  // biome-ignore lint/suspicious/noExplicitAny: JSON of one shape, which the tests go through
  return (json as any).nested.google.nested.protobuf.nested;
}
