// Followed for a value as often as its schema refers to itself, so each use is counted.
const definitionPrefix = '#/$defs/';
// A part that became a definition because it is large or deep.
const partPrefix = '#/$parts/';

/** The reference in a linked schema that leads to the definition of this name. */
export function linkTo(name: string): string {
  return definitionPrefix + name;
}

/** The reference to the same definition, as a part of the schema that has the reference. */
export function asPart(link: string): string {
  return link.replace(definitionPrefix, partPrefix);
}

export function isPart(link: string): boolean {
  return link.startsWith(partPrefix);
}

/** The name in `$defs` of the definition that a reference in a linked schema leads to; undefined for the whole schema. */
export function definitionNameIn(link: string): string | undefined {
  return link === '#' ? undefined : link.slice(link.lastIndexOf('/') + 1);
}
