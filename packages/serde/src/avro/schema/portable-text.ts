import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  readJson,
} from '../../json/json-text.ts';
import { InvalidAvroSchemaError, primitiveTypes } from './model.ts';
import { parseAvro } from './parse-avro.ts';

const primitives: ReadonlySet<string> = new Set(primitiveTypes);

/** The specification's rule of names. */
export const isPortableName = (name: unknown): boolean =>
  typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

/**
 * Whether a valid definition uses only the forms of the specification, so that every Avro library reads the text: standard
 * JSON, ASCII names, types that are named as the specification resolves them, and defaults of the first branch of a union.
 */
export function isPortableText(definition: string): boolean {
  if (!isStandardJson(definition) || !isAcceptedByJava(definition)) return false;
  const defined = new Set<string>();
  return isPortable(readJson(definition), undefined);

  function isPortable(node: Json | undefined, namespace: string | undefined): boolean {
    if (typeof node === 'string')
      return primitives.has(node) || defined.has(fullName(node, namespace));
    if (isJsonArray(node)) return node.every((branch) => isPortable(branch, namespace));
    if (!isJsonObject(node)) return false;
    switch (node.get('type')) {
      case 'array':
        return isPortable(node.get('items'), namespace);
      case 'map':
        return isPortable(node.get('values'), namespace);
      case 'record':
      case 'error':
      case 'enum':
      case 'fixed':
        return isPortableType(node, namespace);
      default:
        return primitives.has(node.get('type') as string);
    }
  }

  function isPortableType(node: JsonObject, enclosing: string | undefined): boolean {
    const { name = '', namespace = enclosing } = Object.fromEntries(node) as Record<string, Json>;
    const names = [name, namespace ?? '', ...listOf(node, 'aliases')];
    if (!names.every((one) => one === '' || isPortableFullName(one))) return false;
    // Java ignores the default of an enum if it is not text.
    const symbol = node.has('default') ? node.get('default') : '';
    if (node.get('type') === 'enum' && typeof symbol !== 'string') return false;
    const full = fullName(name as string, namespace as string | undefined);
    defined.add(full);
    const inner = full.includes('.') ? full.slice(0, full.lastIndexOf('.')) : undefined;
    return (
      listOf(node, 'symbols').every(isPortableName) &&
      listOf(node, 'fields').every((field) => isPortableField(field as JsonObject, inner))
    );
  }

  function isPortableField(field: JsonObject, namespace: string | undefined): boolean {
    const names = [field.get('name'), ...listOf(field, 'aliases')];
    const type = field.get('type');
    // Java takes the text of a number as the default of a double.
    const isTextOfNumber =
      /^(?:float|double)$/.test(typeOf(type)) && typeof field.get('default') === 'string';
    return names.every(isPortableName) && !isTextOfNumber && isPortable(type, namespace);
  }
}

function isPortableFullName(name: Json): boolean {
  return typeof name === 'string' && name.split('.').every(isPortableName);
}

function fullName(name: string, namespace: string | undefined): string {
  return name.includes('.') || !namespace ? name : `${namespace}.${name}`;
}

function listOf(node: JsonObject, key: string): readonly Json[] {
  const list = node.get(key);
  return isJsonArray(list) ? list : [];
}

function typeOf(node: Json | undefined): string {
  return String(isJsonObject(node) ? node.get('type') : node);
}

function isStandardJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isAcceptedByJava(definition: string): boolean {
  try {
    parseAvro(definition);
    return true;
  } catch (error) {
    if (error instanceof InvalidAvroSchemaError) return false;
    throw error;
  }
}
