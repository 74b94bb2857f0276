import { isJsonArray, isJsonObject, type Json, type TextPart } from '../json/json-text.ts';

const named = new Set(['record', 'error', 'enum', 'fixed']);

/**
 * Where the named types of an Avro text are defined. The path of a fault passes a name as if its type were written there.
 *
 * @returns a function from the place of a type to the place where it is defined, if that is a name
 */
export function avroDefinitions(
  root: Json,
  whole: TextPart,
): (part: TextPart) => TextPart | undefined {
  const definitions = new Map<string, TextPart>();
  const names = new Map<TextPart, string>();
  // A list instead of calls, which would need most of the stack for the deepest text.
  const open: (() => void)[] = [];
  visitLater(root, whole, '');
  for (let next = open.pop(); next; next = open.pop()) next();
  return (part) => {
    const name = names.get(part);
    return name === undefined ? undefined : definitions.get(name);
  };

  function visitLater(...place: Parameters<typeof visit>): void {
    open.push(() => visit(...place));
  }

  function visit(type: Json | undefined, part: TextPart | undefined, namespace: string): void {
    if (type === undefined || part === undefined) return;
    if (typeof type === 'string') {
      names.set(part, type.includes('.') || namespace === '' ? type : `${namespace}.${type}`);
    } else if (isJsonArray(type)) {
      for (const [index, branch] of type.entries()) {
        visitLater(branch, part.parts?.get(String(index)), namespace);
      }
    } else if (isJsonObject(type)) visitObject(type, part, namespace);
  }

  function visitObject(type: ReadonlyMap<string, Json>, part: TextPart, around: string): void {
    const kind = type.get('type');
    let namespace = around;
    if (typeof kind === 'string' && named.has(kind)) {
      const name = String(type.get('name') ?? '');
      const given = type.get('namespace');
      const dot = name.lastIndexOf('.');
      if (dot >= 0) namespace = name.slice(0, dot);
      else if (typeof given === 'string') namespace = given;
      const simple = name.slice(dot + 1);
      definitions.set(namespace === '' ? simple : `${namespace}.${simple}`, part);
    } else if (typeof kind !== 'string') visitLater(kind, part.parts?.get('type'), around);
    for (const key of ['items', 'values']) {
      visitLater(type.get(key), part.parts?.get(key), namespace);
    }
    const fields = type.get('fields');
    if (!isJsonArray(fields)) return;
    for (const [index, field] of fields.entries()) {
      const place = part.parts?.get('fields')?.parts?.get(String(index))?.parts?.get('type');
      visitLater(isJsonObject(field) ? field.get('type') : undefined, place, namespace);
    }
  }
}
