import { keysOf } from '../json/json-pointer.ts';
import { type Declaration, declarationsOf } from '../protobuf/source/declarations.ts';

interface Named {
  readonly declaration: Declaration;
  readonly fullName: string;
}

/**
 * Finds the declaration at a path of names in the text of a .proto file. A path passes a field as if its message were
 * declared there.
 *
 * @returns a function from a path to UTF-16 offsets; `undefined` for the file
 * @throws InvalidSchemaError
 */
export function protobufPlaces(
  definition: string,
): (location: string) => { start: number; end: number } | undefined {
  const { packageName, members } = declarationsOf(definition);
  const messages = new Map<string, Named>();
  collect(members, packageName);

  return (location) => {
    let found: Named | undefined;
    for (const name of keysOf(location)) {
      const around = found === undefined ? undefined : messageOf(found);
      const candidates = around?.declaration.members ?? (found === undefined ? members : []);
      const declaration = candidates.find((member) => member.name === name);
      if (declaration === undefined) break;
      found = { declaration, fullName: join(around?.fullName ?? packageName, name) };
    }
    return found && { start: found.declaration.start, end: found.declaration.end };
  };

  function collect(declarations: readonly Declaration[], scope: string): void {
    for (const declaration of declarations) {
      if (declaration.kind !== 'message') continue;
      const fullName = join(scope, declaration.name);
      messages.set(fullName, { declaration, fullName });
      collect(declaration.members, fullName);
    }
  }

  /** The message itself, or that of a field: names are looked up from the innermost scope outwards. */
  function messageOf({ declaration, fullName }: Named): Named | undefined {
    const { type } = declaration;
    if (type === undefined) return { declaration, fullName };
    if (type.startsWith('.')) return messages.get(type.slice(1));
    for (let scope = outside(fullName); ; scope = outside(scope)) {
      const message = messages.get(join(scope, type));
      if (message !== undefined || scope === '') return message;
    }
  }
}

function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}

function outside(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}
