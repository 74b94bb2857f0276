import fc, { type GeneratorValue } from 'fast-check';
import type { Schema } from './avro-type.ts';

const maxDepth = 3;
const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'string', 'bytes'];
const logicals: { type: string; logicalType: string; precision?: number; scale?: number }[] = [
  { type: 'int', logicalType: 'date' },
  { type: 'int', logicalType: 'time-millis' },
  { type: 'long', logicalType: 'time-micros' },
  { type: 'long', logicalType: 'timestamp-millis' },
  { type: 'long', logicalType: 'timestamp-micros' },
  { type: 'long', logicalType: 'local-timestamp-millis' },
  { type: 'long', logicalType: 'local-timestamp-micros' },
  { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 },
  { type: 'bytes', logicalType: 'decimal', precision: 30 },
  { type: 'string', logicalType: 'uuid' },
  { type: 'int', logicalType: 'known-to-nobody' },
];
// Names with a meaning in JavaScript, Java or Python.
const riskyNames = ['__proto__', 'constructor', 'toString', 'length', 'class', 'def', '_', 'type'];
const namespaces = [undefined, 'order.v1', 'Order V1', 'a'];
const symbols = ['RED', 'GREEN', 'constructor', '_0', 'x'];

/** The types that a name at one place of the schema can refer to. */
interface Scope {
  namespace: string;
  /** Full names of types that are complete. */
  known: string[];
  /** Records that are being defined around this place. */
  open: string[];
  depth: number;
  names: { next: number };
}

const tops: Kind[] = ['record', 'record', 'record', 'record', 'array', 'enum', 'fixed'];

/** Any schema that the Java library accepts at the top level: a record, array, enum or fixed. */
export function drawDefinition(g: GeneratorValue): string {
  const scope = { namespace: '', known: [], open: [], depth: 0, names: { next: 1 } };
  const top = pick(g, tops);
  const schema = draw[top](g, scope);
  return JSON.stringify(schema, null, g(fc.constantFrom, 0, 2));
}

type Kind = 'array' | 'map' | 'enum' | 'fixed' | 'record' | 'union' | 'primitive' | 'logical';

const draw: Record<Kind, (g: GeneratorValue, scope: Scope) => Schema> = {
  array: (g, scope) => ({
    type: 'array',
    items: drawType(g, deeper(scope), true),
  }),
  map: (g, scope) => ({
    type: 'map',
    values: drawType(g, deeper(scope), true),
  }),
  enum(g, scope) {
    const name = drawName(g, scope);
    scope.known.push(name.full);
    const chosen = symbols.slice(0, g(fc.integer, { min: 1, max: symbols.length }));
    const fallback = g(fc.boolean) ? { default: chosen[0] } : {};
    return { type: 'enum', ...name.attributes, symbols: chosen, ...fallback };
  },
  fixed(g, scope) {
    const name = drawName(g, scope);
    scope.known.push(name.full);
    const decimal = { size: 8, logicalType: 'decimal', precision: 18, scale: 4 };
    const size = g(fc.constantFrom, 1, 2, 16);
    return { type: 'fixed', ...name.attributes, ...(g(fc.boolean) ? { size } : decimal) };
  },
  record(g, scope) {
    const name = drawName(g, scope);
    const inner = deeper(scope);
    inner.namespace = name.full.slice(0, Math.max(0, name.full.lastIndexOf('.')));
    inner.open = [...scope.open, name.full];
    const count = g(fc.integer, { min: 0, max: scope.depth === 0 ? 6 : 3 });
    const risky = new Set(riskyNames);
    const fields = Array.from({ length: count }, (_, i) => {
      const drawnName = g(fc.constantFrom, `f${i}`, `f${i}`, ...riskyNames);
      const fieldName = risky.delete(drawnName) ? drawnName : `f${i}`;
      return drawField(g, fieldName, drawType(g, inner));
    });
    scope.known.push(name.full);
    const doc = g(fc.boolean) ? { doc: 'Bestellung “Ü” 注文' } : {};
    return { type: 'record', ...name.attributes, ...doc, fields };
  },
  union(g, scope) {
    const branches: Schema[] = g(fc.boolean) ? ['null'] : [];
    const tags = new Set(branches.map(String));
    for (let left = g(fc.integer, { min: 1, max: 3 }); left > 0; left--) {
      const kind = pick(g, scope.depth < maxDepth ? [...leaves, ...composites] : leaves);
      // The names of an omitted branch must be removed.
      const before = scope.known.length;
      const branch =
        kind === 'reference' ? drawReference(g, scope, tags.has('null')) : draw[kind](g, scope);
      const tag = tagOf(branch, scope);
      if (tags.has(tag)) scope.known.length = before;
      else branches.push(branch);
      tags.add(tag);
    }
    return branches;
  },
  primitive: (g) => {
    const type = g(fc.constantFrom, ...primitives);
    return g(fc.boolean) ? type : { type, 'x-note': 'kept' };
  },
  logical: (g) => ({ ...g(fc.constantFrom, ...logicals) }),
};

type Choice = Kind | 'reference';
const leaves: Choice[] = ['primitive', 'primitive', 'logical', 'enum', 'fixed', 'reference'];
const composites: Choice[] = ['array', 'map', 'record'];

/** Drawn by index, because fast-check compares arguments. */
export function pick<T>(g: GeneratorValue, from: readonly T[]): T {
  return from[g(fc.nat, from.length - 1)] as T;
}

/** With `canRecur`, the type can be an enclosing record, because a value can end here. */
function drawType(g: GeneratorValue, scope: Scope, canRecur = false): Schema {
  const nesting = scope.depth < maxDepth ? ([...composites, 'union', 'union'] as Choice[]) : [];
  const kind = pick(g, [...leaves, ...nesting]);
  return kind === 'reference' ? drawReference(g, scope, canRecur) : draw[kind](g, scope);
}

function drawReference(g: GeneratorValue, scope: Scope, canRecur: boolean): Schema {
  const candidates = [...scope.known, ...(canRecur ? scope.open : [])].filter(
    // A name without a namespace would mean another type inside a namespace.
    (name) => name.includes('.') || scope.namespace === '',
  );
  return candidates.length === 0 ? 'long' : g(fc.constantFrom, ...candidates);
}

function drawName(g: GeneratorValue, scope: Scope) {
  const number = scope.names.next++;
  const name = number === 3 ? 'toString' : `T${number}`;
  const namespace = g(fc.constantFrom, ...namespaces);
  const full = [namespace ?? scope.namespace, name].filter((part) => part !== '').join('.');
  if (namespace === undefined) return { full, attributes: { name } };
  const inline = !namespace.includes(' ') && g(fc.boolean);
  return { full, attributes: inline ? { name: full } : { name, namespace } };
}

function drawField(g: GeneratorValue, name: string, type: Schema) {
  const fallback = defaults[JSON.stringify(Array.isArray(type) ? type[0] : type)];
  return {
    name,
    type,
    ...(fallback !== undefined && g(fc.boolean) ? { default: fallback } : {}),
    ...(g(fc.boolean) ? {} : { doc: name, aliases: [`old_${name}`] }),
  };
}

const defaults: Record<string, unknown> = {
  '"null"': null,
  '"boolean"': true,
  '"int"': -1,
  '"long"': 9_007_199_254_740_991,
  '"double"': 0.1,
  '"string"': 'ü"\\',
};

function deeper(scope: Scope): Scope {
  return { ...scope, depth: scope.depth + 1 };
}

function tagOf(branch: Schema, scope: Scope): string {
  if (typeof branch === 'string') return branch;
  const { type, name } = branch as { type: string; name?: string };
  // The last name is the name of the branch that was just drawn.
  return name === undefined ? type : (scope.known.at(-1) as string);
}
