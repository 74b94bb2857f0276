import { createRequire } from 'node:module';
import protobuf from 'protobufjs';

interface WellKnownFile {
  /** In the package `google.protobuf`. */
  readonly types: Record<string, protobuf.AnyNestedObject>;
  readonly imports: readonly string[];
}

const prefix = 'google/protobuf/';
// protobufjs ships these as JSON files. The imports of each:
const inFiles = new Map<string, readonly string[]>([
  ['descriptor', []],
  ['source_context', []],
  ['type', ['any', 'source_context']],
  ['api', ['source_context', 'type']],
]);

/** Google's file of that name, which a definition may import without a reference. */
export function wellKnownFile(file: string): WellKnownFile | undefined {
  // protobufjs looks names up in a function object, which has a `name` and a `length` of its own.
  if (!file.startsWith(prefix)) return undefined;
  const known = protobuf.common.get(file);
  if (known) return { types: typesOf(known), imports: [] };
  const name = file.slice(prefix.length).replace(/\.proto$/, '');
  const imports = inFiles.get(name)?.map((imported) => `${prefix}${imported}.proto`);
  if (!imports) return undefined;
  const types = typesOf(createRequire(import.meta.url)(`protobufjs/google/protobuf/${name}.json`));
  // Each file repeats some types of its imports, which would be defined twice.
  const foreign = imports.flatMap((path) => Object.keys(wellKnownFile(path)?.types ?? {}));
  const own = Object.entries(types).filter(([type]) => !foreign.includes(type));
  return { types: Object.fromEntries(own), imports };
}

function typesOf(json: protobuf.INamespace): WellKnownFile['types'] {
  // biome-ignore lint/suspicious/noExplicitAny: JSON of one shape, which the tests cover
  return (json as any).nested.google.nested.protobuf.nested;
}
