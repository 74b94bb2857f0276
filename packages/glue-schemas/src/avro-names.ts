import { definitionJson } from '@order-stream/serde/compatibility';

/** The names in an Avro definition. */
export interface AvroNames {
  /** Full names of the types that it defines. */
  readonly defined: ReadonlySet<string>;
  /** Names that it uses and does not define: the full names that each can mean, the first one that exists counts. */
  readonly outer: readonly (readonly string[])[];
}

const primitives = new Set('null boolean int long float double bytes string'.split(' '));
const named = new Set(['record', 'error', 'enum', 'fixed']);

/** Empty for a text that is not JSON. */
export function avroNames(definition: string): AvroNames {
  const defined = new Set<string>();
  const used: string[][] = [];
  try {
    visit(definitionJson(definition), '');
  } catch {
    // The parser of the schema reports it, with the place.
  }
  return { defined, outer: used.filter((names) => !names.some((name) => defined.has(name))) };

  function visit(node: unknown, namespace: string): void {
    if (typeof node === 'string') {
      if (!primitives.has(node)) used.push([fullNameOf(node, namespace), node]);
    } else if (Array.isArray(node)) {
      for (const branch of node) visit(branch, namespace);
    } else if (typeof node === 'object' && node !== null) {
      visitType(node as Readonly<Record<string, unknown>>, namespace);
    }
  }

  function visitType(node: Readonly<Record<string, unknown>>, namespace: string): void {
    const { type, name, items, values, fields } = node;
    if (type === 'array') visit(items, namespace);
    else if (type === 'map') visit(values, namespace);
    else if (typeof type !== 'string' || !named.has(type)) visit(type, namespace);
    else {
      const own = typeof node.namespace === 'string' ? node.namespace : namespace;
      const fullName = fullNameOf(String(name), own);
      defined.add(fullName);
      if (!Array.isArray(fields)) return;
      const inner = fullName.slice(0, Math.max(fullName.lastIndexOf('.'), 0));
      for (const field of fields) visit((field as { type?: unknown } | null)?.type, inner);
    }
  }
}

function fullNameOf(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name.replace(/^\./, '') : `${namespace}.${name}`;
}
