import { printExactJson } from '../json/exact-json.ts';

/** A difference of two JSON values. The JSON pointer (RFC 6901) identifies members of named lists by name instead of index. */
export interface Change {
  readonly pointer: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Absent where the value was added. */
  readonly before?: unknown;
  /** Absent where the value was removed. */
  readonly after?: unknown;
}

type Json = unknown;
type JsonObject = Record<string, Json>;

/** The differences of two JSON values. Fields and other lists of named members are compared by name. */
export function changesOf(before: Json, after: Json, pointer = ''): Change[] {
  if (isNamedList(before) && isNamedList(after)) {
    const changes = membersOf(byName(before), byName(after), pointer);
    const kept = (list: readonly { name: string }[], other: readonly { name: string }[]) =>
      list.map(({ name }) => name).filter((name) => other.some((one) => one.name === name));
    const [was, is] = [kept(before, after), kept(after, before)];
    // The order matters: an Avro body is the fields in their order.
    if (was.join('\0') !== is.join('\0')) {
      changes.push({ pointer, change: 'changed', before: was, after: is });
    }
    return changes;
  }
  if (isObject(before) && isObject(after)) return membersOf(before, after, pointer);
  if (printExactJson(before) === printExactJson(after)) return [];
  return [{ pointer, change: 'changed', before, after }];
}

function membersOf(before: JsonObject, after: JsonObject, pointer: string): Change[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name): Change[] => {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!Object.hasOwn(before, name)) return [{ pointer: at, change: 'added', after: after[name] }];
    if (!Object.hasOwn(after, name))
      return [{ pointer: at, change: 'removed', before: before[name] }];
    return changesOf(before[name], after[name], at);
  });
}

function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isNamedList(json: Json): json is { name: string }[] {
  return Array.isArray(json) && json.every((one) => isObject(one) && typeof one.name === 'string');
}

function byName(list: readonly { name: string }[]): JsonObject {
  return Object.fromEntries(list.map((member) => [member.name, member]));
}
