import { memberPointer } from '../json/json-pointer.ts';
import { eachSchema, isObject } from './each-schema.ts';

/** What stands in a pointer for a key that no schema names: it is part of the record. */
const unnamed = '*';

/** Where in a value, as the errors say it. */
export interface ValuePointers {
  /** Numbers are indexes into arrays. */
  of(path: readonly (string | number)[]): string;
  /** The JSON pointer of a value with what it may not repeat left out. `property` is a member more. */
  masked(pointer: string, value: unknown, property?: string): string;
}

/** Pointers that hold the names which these schemas declare, and no others. */
export function createValuePointers(schemas: readonly unknown[]): ValuePointers {
  const names = new Set<string>();
  for (const schema of schemas) {
    eachSchema(schema, (node) => {
      const { properties, required, dependencies, dependentRequired, dependentSchemas } = node;
      addAll(required);
      for (const map of [properties, dependencies, dependentRequired, dependentSchemas]) {
        if (!isObject(map)) continue;
        addAll(Object.keys(map));
        if (map !== properties) Object.values(map).forEach(addAll);
      }
    });
  }

  function addAll(list: unknown): void {
    if (!Array.isArray(list)) return;
    for (const name of list) if (typeof name === 'string') names.add(name);
  }

  const of: ValuePointers['of'] = (path) =>
    path.reduce<string>((pointer, key) => {
      const isShown = typeof key === 'number' || names.has(key);
      return memberPointer(pointer, isShown ? String(key) : unnamed);
    }, '');

  return {
    of,
    masked(pointer, value, property) {
      const path: (string | number)[] = [];
      let at = value;
      for (const step of pointer.split('/').slice(1)) {
        const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
        path.push(Array.isArray(at) ? Number(key) : key);
        at = (at as Record<string, unknown> | undefined)?.[key];
      }
      return of(property === undefined ? path : [...path, property]);
    },
  };
}
