import { isObject } from '../json-schema/each-schema.ts';
import { type Found, fault, type Keywords, keywordsOf, type SchemaAt } from './json-schema-at.ts';
import { childOf } from './json-schema-atoms.ts';
import { closedNames } from './json-schema-closed.ts';
import type { Comparison } from './json-schema-comparison.ts';
import { markEffective } from './json-schema-effective.ts';
import { nameDependencies, requiredOf, schemaDependencies } from './json-schema-required.ts';
import { isSame } from './json-schema-same.ts';
import { schemaOfValue } from './json-schema-value.ts';

const anyString = markEffective({ type: 'string' });

/** Compares the keywords that combine other schemas by conditions. */
export function findConditionFaults(
  reader: SchemaAt,
  atoms: readonly SchemaAt[],
  types: ReadonlySet<string>,
  comparison: Comparison,
): Found {
  const wanted = keywordsOf(reader);
  const [place = reader] = atoms;
  const { compare, compareInside, isEmpty } = comparison;
  const checks: [string, () => boolean][] = [
    ['not', () => isEmpty([childOf(reader, 'not'), ...atoms])],
    ['then', () => holdsIf([childOf(reader, 'if')], 'then')],
    ['else', () => holdsIf([negated(childOf(reader, 'if'))], 'else')],
    ['dependencies', () => !types.has('object') || holdDependencies('dependencies')],
    ['dependentRequired', () => !types.has('object') || holdDependencies('dependentRequired')],
    ['dependentSchemas', () => !types.has('object') || holdDependencies('dependentSchemas')],
  ];
  const found = checks
    .filter(([keyword, holds]) => wanted[keyword] !== undefined && !holds())
    .map(([keyword]) => changed('CONDITION_CHANGED', keyword));
  for (const keyword of ['$dynamicRef', '$recursiveRef']) {
    if (wanted[keyword] !== undefined && !keepsDynamic(keyword)) {
      found.push(changed('CONDITION_CHANGED', keyword));
    }
  }
  if (wanted.propertyNames !== undefined && types.has('object') && !holdNames()) {
    found.push(changed('PATTERN_CHANGED', 'propertyNames'));
  }
  return found;

  function changed(type: string, keyword: string) {
    return fault(type, reader, place, `${keyword} differs`, keyword);
  }

  function holdsIf(condition: readonly SchemaAt[], keyword: string): boolean {
    if (wanted.if === undefined) return true;
    // Usually the writer has the same condition. Without this, every combination of conditions is compared.
    const given = atoms.filter((at) => {
      const { if: own, [keyword]: part } = keywordsOf(at);
      return (
        own !== undefined &&
        part !== undefined &&
        isSame(childOf(at, 'if'), childOf(reader, 'if'), comparison)
      );
    });
    const parts = given.map((at) => childOf(at, keyword));
    if (parts.length > 0 && compare(childOf(reader, keyword), parts).length === 0) return true;
    return compare(childOf(reader, keyword), [...atoms, ...condition]).length === 0;
  }

  function holdDependencies(keyword: string): boolean {
    const own = { ...reader, schema: { [keyword]: wanted[keyword] } };
    const byName = nameDependencies(own).every(([trigger, names]) => {
      const parts = [...atoms, having(reader, trigger)];
      const required = requiredOf(parts);
      return names.every((name) => required.has(name)) || isEmpty(parts);
    });
    return (
      byName &&
      schemaDependencies(own).every(
        ([trigger, schema]) => compare(schema, [...atoms, having(reader, trigger)]).length === 0,
      )
    );
  }

  function holdNames(): boolean {
    const names = childOf(reader, 'propertyNames');
    const text = { ...place, schema: anyString };
    const given = atoms
      .filter((at) => keywordsOf(at).propertyNames !== undefined)
      .map((at) => childOf(at, 'propertyNames'));
    if (compareInside(names, [...given, text]).length === 0) return true;
    const listed = closedNames(atoms, comparison);
    const accepts = (name: string) =>
      compareInside(names, [{ ...place, schema: schemaOfValue(name) }]).length === 0;
    return listed?.every(accepts) ?? false;
  }

  function keepsDynamic(keyword: string): boolean {
    return atoms.some((at) => {
      const [own, other] = [reader, at].map((one) => ({ [keyword]: keywordsOf(one)[keyword] }));
      return isSame({ ...reader, schema: own }, { ...at, schema: other }, comparison);
    });
  }
}

const negations = new WeakMap<object, Keywords>();

/** The values that a schema rejects. */
export function negated(at: SchemaAt): SchemaAt {
  if (!isObject(at.schema)) return { ...at, schema: at.schema === false };
  const schema = negations.get(at.schema) ?? markEffective({ not: at.schema });
  negations.set(at.schema, schema);
  return { ...at, schema };
}

const havings = new Map<string, Keywords>();

function having(at: SchemaAt, name: string): SchemaAt {
  const schema = havings.get(name) ?? markEffective({ type: 'object', required: [name] });
  if (havings.size > 10_000) havings.clear();
  havings.set(name, schema);
  return { ...at, schema };
}
