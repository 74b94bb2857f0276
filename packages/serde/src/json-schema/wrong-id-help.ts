import { draftNamedIn } from './drafts.ts';
import { isObject } from './each-schema.ts';
import type { SchemaDocument } from './schema-place.ts';

/**
 * What to do about a reference without a target: a document has ids in the keyword of another draft. Empty if none has.
 *
 * @param from the document with the reference, which comes first
 */
export function wrongIdHelp(documents: readonly SchemaDocument[], from: SchemaDocument): string {
  for (const { name, root, draft } of [from, ...documents]) {
    const [own, other] = draft === '04' ? ['id', '$id'] : ['$id', 'id'];
    if (!hasText(root, other)) continue;
    const where = name === undefined ? 'the definition' : `reference ${name}`;
    const isNamed = draftNamedIn(root, undefined) !== undefined;
    const reason = isNamed ? '' : ', because it has no $schema';
    const toDo = isNamed
      ? `write ${own}`
      : `name its draft, such as "$schema": "${other === '$id' ? examples.later : examples.first}", or write ${own}`;
    return `; ${where} is read as draft ${draft}${reason}, in which ${other} is not an id: ${toDo}`;
  }
  return '';
}

const examples = {
  first: 'http://json-schema.org/draft-04/schema#',
  later: 'http://json-schema.org/draft-07/schema#',
};

function hasText(node: unknown, keyword: string): boolean {
  if (Array.isArray(node)) return node.some((part) => hasText(part, keyword));
  if (!isObject(node)) return false;
  if (Object.hasOwn(node, keyword) && typeof node[keyword] === 'string') return true;
  return Object.values(node).some((part) => hasText(part, keyword));
}
