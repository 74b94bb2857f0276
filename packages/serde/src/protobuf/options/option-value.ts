import type { OptionLiteral } from '../source/source-file.ts';

/** The value of an option. Names of enum values are strings; an integer beyond 2^53 is its digits. */
export type OptionValue = string | number | boolean | OptionValue[] | OptionTree;
export interface OptionTree {
  [name: string]: OptionValue;
}

/** The value that a literal stands for. Members of a message that repeat are a list. */
export function optionValueOf(literal: OptionLiteral): OptionValue {
  switch (literal.kind) {
    case 'string':
      return literal.text;
    case 'identifier':
      return valueOfName(literal.text);
    case 'integer': {
      const value = Number(literal.value);
      return Number.isSafeInteger(value) ? value : String(literal.value);
    }
    case 'float':
      return literal.value;
    case 'list':
      return literal.values.map(optionValueOf);
    case 'message': {
      const tree: OptionTree = {};
      for (const { name, value } of literal.members) addValue(tree, name, optionValueOf(value));
      return tree;
    }
  }
}

function valueOfName(name: string): OptionValue {
  if (name === 'inf' || name === 'infinity') return Infinity;
  if (name === 'nan') return Number.NaN;
  return name === 'true' || (name === 'false' ? false : name);
}

/** Adds a value to a member that may repeat. */
export function addValue(tree: OptionTree, name: string, value: OptionValue): void {
  const before = Object.hasOwn(tree, name) ? tree[name] : undefined;
  if (before === undefined) {
    tree[name] = value;
    return;
  }
  // In place: a copy for each value would take quadratic time.
  const values = Array.isArray(before) ? before : [before];
  for (const added of Array.isArray(value) ? value : [value]) values.push(added);
  tree[name] = values;
}
