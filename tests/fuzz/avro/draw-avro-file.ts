import fc, { type GeneratorValue } from 'fast-check';
import type { Schema } from '../../conformance/avro-type.ts';
import { pick } from '../../conformance/draw-schema.ts';

type Node = Record<string, unknown>;

/** What a name at one place of the schema can mean. */
interface Scope {
  namespace: string;
  depth: number;
  /** Full names of all types so far, the enclosing ones included. */
  known: string[];
  names: { next: number };
  /** How often something is drawn that a parser may refuse: once in so many draws. 0: never. */
  oddity: number;
}

const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'string', 'bytes'];
const namespaces = ['', 'a', 'a.b', 'b', 'Order V1', 'é.x', 'a..b', '1.2'];
const usualNames = ['A', 'B', 'Ünï', '注文', '_', 'T1', 'toString', 'string_', 'é9'];
const oddNames = [
  'int',
  'record',
  'a-b',
  '$x',
  '',
  '9',
  'A b',
  '.',
  'a.',
  '.A',
  '𝒜',
  'a\u0301',
  'null',
];
const logicals: Node[] = [
  ...['date', 'time-millis'].map((logicalType) => ({ type: 'int', logicalType })),
  ...['time-micros', 'timestamp-millis', 'timestamp-micros', 'local-timestamp-millis'].map(
    (logicalType) => ({ type: 'long', logicalType }),
  ),
  { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 },
  { type: 'string', logicalType: 'uuid' },
  { type: 'string', logicalType: 'date' },
  { type: 'bytes', logicalType: 'decimal' },
  { type: 'bytes', logicalType: 'decimal', precision: 2, scale: 5 },
  { type: 'int', logicalType: 7 },
];

/** A schema as people write them: namespaces at every level, names of any kind, references of every form, defaults. */
export function drawAvroTree(g: GeneratorValue, oddity: number): Schema {
  const scope: Scope = { namespace: '', depth: 0, known: [], names: { next: 0 }, oddity };
  return once(g, 12) ? drawType(g, scope) : drawRecord(g, scope);
}

function drawType(g: GeneratorValue, scope: Scope): Schema {
  const inner = { ...scope, depth: scope.depth + 1 };
  const deep = scope.depth >= 3;
  switch (g(fc.nat, deep ? 5 : 9)) {
    case 0:
    case 1:
      return pick(g, primitives);
    case 2:
    case 3:
      return drawReference(g, scope);
    case 4:
      return odd(g, scope) ? { type: pick(g, ['foo', 'Int', '']) } : { ...pick(g, logicals) };
    case 5:
      return g(fc.boolean) ? drawEnum(g, scope) : drawFixed(g, scope);
    case 6:
      return { type: 'array', items: drawType(g, inner), ...(once(g, 8) && { name: 'ignored' }) };
    case 7:
      return { type: 'map', values: drawType(g, inner) };
    case 8:
      return drawUnion(g, inner);
    default:
      return drawRecord(g, inner);
  }
}

function drawUnion(g: GeneratorValue, scope: Scope): Schema {
  const branches: Schema[] = g(fc.boolean) ? ['null'] : [];
  const tags = new Set(branches.map(String));
  for (let left = g(fc.nat, 3); left > 0; left -= 1) {
    const branch = drawType(g, scope);
    const tag = typeof branch === 'string' ? branch : String((branch as Node).type);
    const isNamed = typeof branch === 'object' && 'name' in branch;
    if ((tags.has(tag) && !isNamed) || Array.isArray(branch)) if (!odd(g, scope)) continue;
    tags.add(tag);
    branches.push(branch);
  }
  return branches;
}

function drawReference(g: GeneratorValue, scope: Scope): Schema {
  if (scope.known.length === 0) return 'int';
  const full = pick(g, scope.known);
  const dot = full.lastIndexOf('.');
  const forms = [full, full, full.slice(dot + 1)];
  if (full.slice(0, Math.max(dot, 0)) === scope.namespace) forms.push(full.slice(dot + 1));
  if (odd(g, scope)) forms.push(`.${full}`, `${full}x`, ` ${full}`);
  const name = pick(g, forms);
  return once(g, 8) ? { type: name } : name;
}

/** Name, namespace, aliases and doc of a named type; the namespace inside it. */
function drawNamed(g: GeneratorValue, scope: Scope) {
  const short = odd(g, scope)
    ? pick(g, oddNames)
    : once(g, 3)
      ? pick(g, usualNames)
      : `T${scope.names.next}`;
  scope.names.next += 1;
  const attributes: Node = { name: short };
  let namespace = scope.namespace;
  switch (g(fc.nat, 5)) {
    case 0:
    case 1:
      namespace = pick(g, namespaces);
      attributes.namespace = namespace;
      break;
    case 2:
      namespace = pick(g, namespaces);
      attributes.name = `${namespace}.${short}`;
      if (g(fc.boolean)) attributes.namespace = pick(g, namespaces);
      break;
  }
  if (odd(g, scope)) attributes.namespace = pick(g, [null, 5, 'x.', '.x']);
  const full = namespace === '' ? short : `${namespace}.${short}`;
  if (once(g, 4))
    attributes.aliases = drawAliases(g, scope, [...usualNames, 'a.A', 'Old', '.Old', 'Order V1.T']);
  if (once(g, 5)) attributes.doc = odd(g, scope) ? 5 : 'Bestellung “Ü” // 注文 /* */';
  if (once(g, 8))
    attributes['x-note'] = pick(g, [1, 1.5, 'a', null, { a: [1e3] }, 12345678901234567890n]);
  return { attributes, full, namespace };
}

function drawAliases(g: GeneratorValue, scope: Scope, names: readonly string[]): unknown {
  if (odd(g, scope)) return pick(g, ['A', [5], ['a-b'], [''], [null]]);
  return Array.from({ length: g(fc.nat, 2) }, () => pick(g, names));
}

function drawRecord(g: GeneratorValue, scope: Scope): Schema {
  const { attributes, full, namespace } = drawNamed(g, scope);
  scope.known.push(full);
  const inner = { ...scope, namespace, depth: scope.depth + 1 };
  const used = new Set<string>();
  const fields = Array.from({ length: g(fc.nat, 4) }, (_, i) => {
    const drawn = once(g, 4) ? pick(g, usualNames) : `f${i}`;
    const name = odd(g, scope)
      ? pick(g, oddNames)
      : used.has(drawn) && !odd(g, scope)
        ? `f${i}`
        : drawn;
    used.add(name);
    return drawField(g, inner, name);
  });
  return shuffledKeys(g, { type: once(g, 15) ? 'error' : 'record', ...attributes, fields });
}

function drawField(g: GeneratorValue, scope: Scope, name: string): Node {
  const type = drawType(g, scope);
  const field: Node = { name, type };
  if (g(fc.boolean)) {
    const value = drawDefault(g, type, scope);
    if (value !== undefined) field.default = value;
  }
  if (once(g, 6)) field.aliases = drawAliases(g, scope, ['old', 'A', 'f0', 'f1', 'Ünï']);
  if (once(g, 8)) field.doc = 'd';
  if (once(g, 8))
    field.order = odd(g, scope)
      ? pick(g, ['up', 1, ''])
      : pick(g, ['ascending', 'descending', 'ignore', 'DESCENDING']);
  if (once(g, 10)) field['x-field'] = pick(g, [1, 'a', [1]]);
  return field;
}

/** A default that the type allows, now and then one of another type. */
function drawDefault(g: GeneratorValue, type: Schema, scope: Scope): unknown {
  if (odd(g, scope))
    return pick(g, [null, 1, -1, 'a', true, [], {}, 1.5, 'RED', '\u00ff', 2 ** 31, 1e300]);
  if (Array.isArray(type))
    return type.length === 0 ? undefined : drawDefault(g, type[0] as Schema, scope);
  const name = typeof type === 'string' ? type : type.type;
  const node = typeof type === 'string' ? {} : type;
  switch (name) {
    case 'null':
      return null;
    case 'boolean':
      return g(fc.boolean);
    case 'int':
      return pick(g, [0, -1, 2 ** 31 - 1, -(2 ** 31)]);
    case 'long':
      return pick(g, [0, 7, 2n ** 63n - 1n, -(2n ** 63n), 9007199254740993n]);
    case 'float':
    case 'double':
      return pick(g, [0, 1.5, -0.1, 1e10, 3, 'NaN', 'Infinity', '-Infinity', 16777217, 1e-46]);
    case 'string':
      return pick(g, ['', 'ü"\\', '\u0000', '\u{1F600}']);
    case 'bytes':
      return pick(g, ['', '\u00ff', 'a']);
    case 'fixed':
      return '\u00ff'.repeat(
        Number(node.size) > 0 && Number(node.size) < 20 ? Number(node.size) : 0,
      );
    case 'enum':
      return (node.symbols as unknown[])?.[0] ?? 'A';
    case 'array': {
      const item = drawDefault(g, node.items as Schema, scope);
      return item === undefined || once(g, 2) ? [] : [item];
    }
    case 'map': {
      const value = drawDefault(g, node.values as Schema, scope);
      return value === undefined || once(g, 2) ? {} : { k: value };
    }
    case 'record':
    case 'error':
      return recordDefault(g, (node.fields as { name: string; type: Schema }[]) ?? [], scope);
    default:
      return undefined;
  }
}

function recordDefault(
  g: GeneratorValue,
  fields: readonly (Node & { name: string; type: Schema })[] | { name: string; type: Schema }[],
  scope: Scope,
): Node | undefined {
  const value: Node = {};
  for (const field of fields as (Node & { name: string; type: Schema })[]) {
    if ('default' in field && g(fc.boolean)) continue;
    const member = drawDefault(g, field.type, scope);
    if (member === undefined) return undefined;
    value[field.name] = member;
  }
  return value;
}

function drawEnum(g: GeneratorValue, scope: Scope): Schema {
  const { attributes, full } = drawNamed(g, scope);
  const symbols: unknown[] = ['RED', 'GREEN', 'Blau_ü', '_'].slice(0, 1 + g(fc.nat, 3));
  if (odd(g, scope)) symbols.push(pick<unknown>(g, ['RED', 'a-b', '', 5, null]));
  if (once(g, 3)) attributes.default = odd(g, scope) ? pick(g, ['x', 5, null]) : 'RED';
  scope.known.push(full);
  return shuffledKeys(g, { type: 'enum', ...attributes, symbols: once(g, 60) ? [] : symbols });
}

function drawFixed(g: GeneratorValue, scope: Scope): Schema {
  const { attributes, full } = drawNamed(g, scope);
  const size = odd(g, scope)
    ? pick<unknown>(g, [-1, '4', 4.0001, null, 2 ** 31, 1e1])
    : pick(g, [0, 1, 3, 12, 16]);
  const logical = once(g, 3)
    ? pick<Node>(g, [
        { logicalType: 'decimal', precision: 4, scale: 1 },
        { logicalType: 'decimal', precision: 400 },
        { logicalType: 'duration' },
        { logicalType: 'uuid' },
      ])
    : {};
  scope.known.push(full);
  return shuffledKeys(g, { type: 'fixed', ...attributes, size, ...logical });
}

/** The order of keys must not matter, though readers meet `fields` before `name`. */
function shuffledKeys(g: GeneratorValue, node: Node): Node {
  if (!once(g, 4)) return node;
  return Object.fromEntries(Object.entries(node).reverse());
}

function odd(g: GeneratorValue, { oddity }: Scope): boolean {
  return oddity > 0 && once(g, oddity);
}

export function once(g: GeneratorValue, times: number): boolean {
  return g(fc.nat, times - 1) === 0;
}
