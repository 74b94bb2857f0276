import { createRequire } from 'node:module';
import protobuf from 'protobufjs';

const prefix = 'google/protobuf/';
// protobufjs brings these as JSON besides the ones in its code.
const inFiles = new Set(['descriptor', 'api', 'type', 'source_context']);

/** Google's own file of that name, which a definition may import without bringing it along. */
export function wellKnownFile(file: string): protobuf.INamespace | undefined {
  // protobufjs looks a name up in a function, which has a `name` and a `length` of its own.
  if (!file.startsWith(prefix)) return undefined;
  const known = protobuf.common.get(file);
  if (known) return known;
  const name = file.slice(prefix.length).replace(/\.proto$/, '');
  if (!inFiles.has(name)) return undefined;
  return createRequire(import.meta.url)(`protobufjs/google/protobuf/${name}.json`);
}
