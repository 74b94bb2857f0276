import { InvalidSchemaError } from '../../errors.ts';
import type { LoadedFile } from './loaded-files.ts';
import { join, type NamedThing, scopeOf } from './symbols.ts';

/** What a name was found to stand for. */
export interface Resolved {
  /** Without a leading dot. */
  readonly fullName: string;
  readonly thing: NamedThing;
  readonly file: LoadedFile;
}

/** A name that a file uses. */
export interface NameUse {
  /** As written, with a leading dot if it is a full name. */
  readonly name: string;
  /** The full name of the declaration that uses it: its own scope is not searched, those around it are. */
  readonly user: string;
  readonly file: LoadedFile;
  readonly line: number;
}

const holdsNames = new Set<NamedThing['kind']>([
  ...(['message', 'enum', 'service', 'package', 'map entry'] as const),
]);
const isType = new Set<NamedThing['kind']>(['message', 'enum', 'map entry']);

/**
 * Finds what a name stands for, by protoc's rule. Scopes are searched from the innermost outwards. The first part
 * of a name decides the scope: if a message, enum, service or package of that name exists there, the rest must
 * be found inside. Only names of the file, of its imports and of what those import publicly are found.
 *
 * Source: protocolbuffers/protobuf, `descriptor.cc`, `LookupSymbolNoPlaceholder`.
 *
 * @param wanted `type`: fields, oneofs, enum values and the like are passed over, as for the type of a field;
 *   `anything`: the first thing of that name is the answer
 * @throws InvalidSchemaError
 */
export function resolveName(
  use: NameUse,
  wanted: 'type' | 'anything',
  all: readonly LoadedFile[],
): Resolved {
  const found = lookUp(use, wanted);
  if (typeof found !== 'string') return found;
  const elsewhere = all.find(({ symbols }) => symbols.has(found));
  const { name, user, file, line } = use;
  const place = `line ${line}: ${user}`;
  if (elsewhere) {
    throw new InvalidSchemaError(
      `${place}: '${name}' is in ${elsewhere.path || 'the file'}, which ${file.path || 'the file'} does not import`,
    );
  }
  const first = name.split('.')[0];
  throw new InvalidSchemaError(
    found === name || name.startsWith('.')
      ? `${place}: '${name}' is not declared`
      : `${place}: '${name}' stands for ${found}, which is not declared, because the innermost '${first}' is used; ` +
          `'.${name}' starts from the outermost scope`,
  );
}

/** What a name stands for, of any kind; undefined if it is not declared. */
export function findName(use: NameUse): Resolved | undefined {
  const found = lookUp(use, 'anything');
  return typeof found === 'string' ? undefined : found;
}

/** The result, or the full name that was looked for in vain. */
function lookUp({ name, user, file }: NameUse, wanted: 'type' | 'anything'): Resolved | string {
  if (name.startsWith('.')) return find(name.slice(1), file) ?? name.slice(1);
  const [first = '', ...rest] = name.split('.');
  for (let scope = user; scope !== ''; ) {
    scope = scopeOf(scope);
    // In the outermost scope the whole name is looked for at once.
    if (scope === '') break;
    const found = find(join(scope, first), file);
    if (!found) continue;
    if (rest.length === 0) {
      if (wanted === 'anything' || isType.has(found.thing.kind)) return found;
    } else if (holdsNames.has(found.thing.kind)) {
      const fullName = join(scope, name);
      return find(fullName, file) ?? fullName;
    }
  }
  return find(name, file) ?? name;
}

function find(fullName: string, { visible }: LoadedFile): Resolved | undefined {
  for (const file of visible) {
    const thing = file.symbols.get(fullName);
    if (thing) return { fullName, thing, file };
  }
  return undefined;
}
