import { pointerOf, undeclaredKey } from '../json/json-pointer.ts';
import { eachSchema, isObject } from './each-schema.ts';

export type ValuePointers = ReturnType<typeof createValuePointers>;

/** Makes JSON pointers into values for errors. They show only the names which these schemas declare. */
export function createValuePointers(schemas: readonly unknown[]) {
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

  /** Numbers are array indexes. */
  function of(path: readonly (string | number)[]): string {
    const shown = (key: string | number) => typeof key === 'number' || names.has(key);
    return pointerOf(path.map((key) => (shown(key) ? String(key) : undeclaredKey)));
  }

  return {
    of,
    /** The JSON pointer with undeclared keys replaced. `property` adds one more step. */
    masked(pointer: string, value: unknown, property?: string): string {
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
