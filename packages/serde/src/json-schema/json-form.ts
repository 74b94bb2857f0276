import { SchemaMismatchError } from '../errors.ts';
import { losesContentAsJson } from '../json/builtin-objects.ts';
import type { ValuePointers } from './value-pointers.ts';

/** Jackson's nesting limit: a Java reader rejects deeper values. */
export const maxJsonDepth = 1000;

/** A value as it will be written. */
export interface JsonForm {
  readonly json: unknown;
  /** Whether an integer in it is beyond a number. */
  readonly hasBigint: boolean;
  /** How many values it consists of. */
  readonly partCount: number;
}

/**
 * The JSON that will be written for a value, determined before the value is checked: `JSON.stringify`
 * would silently write NaN as null and a Map as `{}`. Leaves out undefined members, calls `toJSON` and keeps
 * bigints. A value that is JSON already is returned unchanged.
 *
 * @throws SchemaMismatchError the value has no JSON form, or nests beyond 1000 levels
 */
export function jsonForm(value: unknown, pointers: ValuePointers): JsonForm {
  let hasBigint = false;
  let partCount = 0;
  const path: (string | number)[] = [];
  const json = form(value, '');
  return { json, hasBigint, partCount };

  function form(given: unknown, key: string): unknown {
    partCount += 1;
    switch (typeof given) {
      case 'string':
      case 'boolean':
        return given;
      case 'number':
        return Number.isFinite(given) ? given : reject('finite number');
      case 'bigint':
        if (BigInt.asIntN(54, given) === given && Number.isSafeInteger(Number(given))) {
          return Number(given);
        }
        hasBigint = true;
        return given;
      case 'object':
        return given === null ? null : container(given, key);
      default:
        return reject('JSON value');
    }
  }

  function container(given: object, key: string): unknown {
    if (path.length > maxJsonDepth) reject(`value of at most ${maxJsonDepth} levels`);
    if ('toJSON' in given && typeof given.toJSON === 'function') {
      const replaced: unknown = given.toJSON(key);
      if (replaced !== given) return form(replaced, key);
    }
    return Array.isArray(given) ? elements(given) : members(given);
  }

  function elements(given: readonly unknown[]): unknown {
    let copy: unknown[] | undefined;
    for (let index = 0; index < given.length; index += 1) {
      path.push(index);
      const element = form(given[index], String(index));
      path.pop();
      if (element !== given[index]) copy ??= given.slice();
      if (copy) copy[index] = element;
    }
    return copy ?? given;
  }

  function members(given: object): unknown {
    const prototype = Object.getPrototypeOf(given);
    const plain = prototype === Object.prototype || prototype === null;
    // A class instance without toJSON is written as its own members.
    if (!plain && losesContentAsJson(given)) reject('JSON value');
    const entries: [string, unknown][] = [];
    let changed = !plain;
    for (const name of Object.keys(given)) {
      const member = (given as Record<string, unknown>)[name];
      if (member === undefined) {
        changed = true;
        continue;
      }
      path.push(name);
      const written = form(member, name);
      path.pop();
      changed ||= written !== member;
      entries.push([name, written]);
    }
    // Invariant: Object.fromEntries defines `__proto__` as a property, where an assignment would not.
    return changed ? Object.fromEntries(entries) : given;
  }

  function reject(expected: string): never {
    throw new SchemaMismatchError(pointers.of(path), expected);
  }
}
